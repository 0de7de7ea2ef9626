package dev.keyturn.client;

import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads by which keys a client of the configuration signs: those of a file, or those that it
 * publishes.
 *
 * @param entry the client's own mapping
 */
record KeysReader(Settings entry, SecretReader secrets) {
  static final String FILE = "jwks_file";
  static final String URL = "jwks_uri";
  private static final String ALGORITHM = "token_endpoint_auth_signing_alg";

  /** Empty where there are none, or, with findings, where something is wrong with them. */
  Optional<ClientKeys> read() {
    var file = entry.file(FILE);
    var url = entry.url(URL);
    var algorithm = algorithm();
    if (file.isPresent() && url.isPresent()) {
      entry.refuse(URL, "must not be given together with " + FILE);
    }
    if (url.filter(at -> !"https".equals(at.getScheme())).isPresent()) {
      entry.refuse(URL, "must be https");
    }
    return file.isPresent()
        ? file.flatMap(path -> listed(path, algorithm))
        : url.map(at -> ClientKeys.published(at, algorithm));
  }

  /** Whether some are named, be they good or not. */
  boolean areNamed() {
    return entry.text(FILE).isPresent() || entry.text(URL).isPresent();
  }

  private Optional<String> algorithm() {
    var name = entry.text(ALGORITHM);
    if (!name.map(ClientAssertion::isAlgorithm).orElse(true)) {
      var known = new TreeSet<>(ClientAssertion.algorithms());
      entry.refuse(ALGORITHM, "must be one of " + String.join(", ", known));
    }
    return name;
  }

  private Optional<ClientKeys> listed(Path path, Optional<String> algorithm) {
    var content = secrets.bytes(entry.name(FILE), path);
    try {
      return content.map(
          bytes -> ClientKeys.listed(PublicKeys.parse(Buffer.buffer(bytes)), algorithm));
    } catch (IllegalArgumentException e) {
      entry.refuse(FILE, "names " + path + ", which " + e.getMessage());
      return Optional.empty();
    }
  }
}
