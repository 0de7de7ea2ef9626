package dev.keyturn.server;

import dev.keyturn.config.Settings;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Where the server listens.
 *
 * @param port 0 for any free one
 * @param tls empty for plain HTTP
 */
public record Listen(
    String host, int port, String managementHost, int managementPort, Optional<Tls> tls) {
  private static final int MAX_PORT = 65_535;

  public Listen {
    if (port != 0 && port == managementPort) {
      throw new IllegalArgumentException("management_port must be another than port");
    }
  }

  /**
   * Our own certificate and its key, read and found to belong together.
   *
   * @param chain our own certificate first, then those that vouch for it
   */
  public record Tls(List<X509Certificate> chain, PrivateKey key) {
    public Tls {
      chain = List.copyOf(chain);
    }

    /** When our certificate ends. */
    public Instant notAfter() {
      return chain.get(0).getNotAfter().toInstant();
    }

    /** Written anew, so that nobody understands the files in another way than we did. */
    public PemKeyCertOptions forServing() {
      var certificates = new StringBuilder();
      chain.forEach(one -> certificates.append(pem("CERTIFICATE", encoded(one))));
      return new PemKeyCertOptions()
          .addCertValue(Buffer.buffer(certificates.toString()))
          .addKeyValue(Buffer.buffer(pem("PRIVATE KEY", key.getEncoded())));
    }

    private static byte[] encoded(X509Certificate certificate) {
      try {
        return certificate.getEncoded();
      } catch (CertificateEncodingException e) {
        throw new IllegalStateException("a certificate that was read cannot be written", e);
      }
    }

    private static String pem(String label, byte[] content) {
      return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
          .formatted(label, Base64.getEncoder().encodeToString(content), label);
    }

    /** Tells when it ends: the key is not for printing. */
    @Override
    public String toString() {
      return "Tls[until " + notAfter() + "]";
    }
  }

  /** The same at a port that was found. */
  Listen at(int found) {
    return new Listen(host, found, managementHost, managementPort, tls);
  }

  /** The same with the addresses of what runs; our certificate alone may change. */
  Listen held(Fixed.Holder fixed) {
    return new Listen(
        fixed.hold("server.host", host, running -> running.listen().host),
        fixed.hold("server.port", port, running -> running.listen().port),
        fixed.hold("server.management_host", managementHost, now -> now.listen().managementHost),
        fixed.hold("server.management_port", managementPort, now -> now.listen().managementPort),
        tls.isPresent() == fixed.hold("server.tls", tls.isPresent(), now -> now.listen().hasTls())
            ? tls
            : fixed.running().flatMap(now -> now.listen().tls));
  }

  private boolean hasTls() {
    return tls.isPresent();
  }

  /** Reads the mapping {@code server}. */
  static Optional<Listen> from(Settings settings, TlsReader reader) {
    var host = settings.text("host", "127.0.0.1");
    var port = settings.number("port", 8080, 0, MAX_PORT);
    var managementHost = settings.text("management_host", "127.0.0.1");
    var managementPort = settings.number("management_port", 9090, 0, MAX_PORT);
    var tls = reader.read(settings.child("tls"));
    return settings.build(() -> new Listen(host, port, managementHost, managementPort, tls));
  }
}
