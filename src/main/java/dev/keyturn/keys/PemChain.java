package dev.keyturn.keys;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * Reads certificates in PEM, the one that comes first being our own.
 *
 * <p>A refusal says what was found and what would be right, as {@link PemKey} does.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-5">RFC 7468, section 5</a>
 */
public final class PemChain {
  private static final String EXPECTED =
      "certificates in PEM, our own first, each from -----BEGIN CERTIFICATE----- to its END line";

  private PemChain() {}

  /** The certificates that {@code file} holds, in its order; at least one. */
  public static List<X509Certificate> read(byte[] file) {
    var blocks = Pem.blocksOf(file);
    if (blocks.isEmpty()) {
      throw PemKey.refusal("no PEM block", EXPECTED);
    }
    return blocks.stream().map(PemChain::read).toList();
  }

  static boolean isCertificate(Pem block) {
    return block.label().equals("CERTIFICATE") || block.label().equals("X509 CERTIFICATE");
  }

  static X509Certificate read(Pem block) {
    if (block.label().endsWith("PRIVATE KEY")) {
      throw PemKey.refusal("a private key", EXPECTED + ", and nothing else");
    }
    if (!isCertificate(block)) {
      throw PemKey.refusal("a PEM block of another kind", EXPECTED + ", and nothing else");
    }
    return certificate(block.content().orElseThrow(PemChain::damaged));
  }

  private static X509Certificate certificate(byte[] der) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var read = (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
      if (read.getEncoded().length == der.length) {
        return read;
      }
    } catch (CertificateException e) {
      // The cause may quote what the file holds.
    }
    throw damaged();
  }

  private static IllegalArgumentException damaged() {
    return PemKey.refusal("a certificate that is damaged or cut off", EXPECTED);
  }
}
