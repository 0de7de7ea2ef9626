package dev.keyturn.operator.admission;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.BadManifests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What stands around the manifests of the table: good Secrets, bad ones, and three configs. */
final class GivenSurroundings {
  /** The Secret that nobody may get who applies a manifest. */
  static final String HIDDEN = "hidden";

  private static final Path KEYS = Path.of("src/test/resources/dev/keyturn/keys");

  private GivenSurroundings() {}

  /** The Secrets by their names. */
  static Map<String, Map<String, String>> secrets() {
    return Map.of(
        "as-keys",
        Map.of(
            "current.pem", key("p256-pkcs8.pem"),
            "previous.pem", key("p384-pkcs8.pem"),
            "hmac-1", "h".repeat(48),
            "vault-1", "v".repeat(32)),
        "gh",
        Map.of("secret", "of-github"),
        "api",
        Map.of("token", "of-the-api"),
        "bad",
        Map.of(
            "half.pem", key("refused/half.pem"),
            "weak-rsa.pem", key("refused/weak-rsa.pem"),
            "public-key.pem", key("refused/public-key.pem"),
            "current-again.pem", key("p256-pkcs8.pem"),
            "short", "s3cret",
            "empty", ""),
        HIDDEN,
        Map.of("current.pem", key("p256-pkcs8.pem")));
  }

  /** The configs that are there already. */
  static List<JsonNode> configs() {
    return Stream.of("github", "okta", "bearer-token").map(BadManifests::good).toList();
  }

  private static String key(String file) {
    try {
      return Files.readString(KEYS.resolve(file), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
