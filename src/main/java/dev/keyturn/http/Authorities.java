package dev.keyturn.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Optional;

/**
 * Whose word is taken for who a server is, in place of those that the platform trusts.
 *
 * @param pem certificates in PEM
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468#section-5">RFC 7468, section 5</a>
 */
public record Authorities(Buffer pem) {
  private static final String BEGIN = "-----BEGIN CERTIFICATE-----";

  /** Those in a file; empty if it holds none, or one that cannot be read. */
  public static Optional<Authorities> parse(byte[] file) {
    var text = new String(file, StandardCharsets.ISO_8859_1);
    if (!text.contains(BEGIN)) {
      return Optional.empty();
    }
    try {
      var found =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(file));
      return found.size() == text.split(BEGIN, -1).length - 1
          ? Optional.of(new Authorities(Buffer.buffer(file)))
          : Optional.empty();
    } catch (CertificateException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return "Authorities[bytes=" + pem.length() + "]";
  }
}
