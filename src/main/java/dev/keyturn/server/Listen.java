package dev.keyturn.server;

import dev.keyturn.config.Settings;
import java.nio.file.Path;
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

  /** The files of our own certificate, PEM. */
  public record Tls(Path certificate, Path key) {}

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
  static Optional<Listen> from(Settings settings) {
    var host = settings.text("host", "127.0.0.1");
    var port = settings.number("port", 8080, 0, MAX_PORT);
    var managementHost = settings.text("management_host", "127.0.0.1");
    var managementPort = settings.number("management_port", 9090, 0, MAX_PORT);
    if (!settings.texts("trusted_proxies").isEmpty()) {
      settings.refuse("trusted_proxies", "is not supported yet");
    }
    var tls = tls(settings.child("tls"));
    return settings.build(() -> new Listen(host, port, managementHost, managementPort, tls));
  }

  private static Optional<Tls> tls(Settings settings) {
    var certificate = settings.file("cert_file");
    var key = settings.file("key_file");
    if (certificate.isPresent() != key.isPresent()) {
      settings.refuse(
          certificate.isPresent() ? "key_file" : "cert_file",
          "is missing: a certificate and its key go together");
    }
    return certificate.flatMap(cert -> key.map(file -> new Tls(cert, file)));
  }
}
