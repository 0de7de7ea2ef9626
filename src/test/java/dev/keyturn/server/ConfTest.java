package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.SigningClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The examples that people start from. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConfTest {
  private static final Path FOLDER = Path.of("conf");
  private static final String MOUNTED = "/etc/keyturn";
  private static final Pattern NAMED = Pattern.compile(MOUNTED + "/([a-z0-9.-]+)");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final List<String> EXAMPLES =
      List.of(
          "apple.yaml",
          "auth0.yaml",
          "cognito.yaml",
          "entra.yaml",
          "full.yaml",
          "github-app.yaml",
          "github.yaml",
          "gitlab.yaml",
          "google.yaml",
          "keycloak.yaml",
          "minimal.yaml",
          "okta.yaml",
          "redis.yaml",
          "salesforce.yaml",
          "several-upstreams.yaml",
          "slack.yaml");

  private final GivenCertificate certificate = GivenCertificate.good();

  @TempDir private Path secrets;

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void an_example_can_be_used(String example) throws Exception {
    assertThat(read(example).errors()).isEmpty();
  }

  @ParameterizedTest
  @FieldSource("EXAMPLES")
  void an_example_loses_no_key_at_a_restart(String example) throws Exception {
    assertThat(read(example).warnings()).isEmpty();
  }

  @Test
  void every_example_is_tried() throws IOException {
    try (var files = Files.list(FOLDER)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(EXAMPLES);
    }
  }

  @Test
  void an_example_without_its_secrets_cannot_be_used() throws IOException {
    assertThat(findings(document("minimal.yaml")).errors())
        .extracting(finding -> finding.setting())
        .contains("hmac_secret_files[0]");
  }

  private Findings read(String example) throws IOException, GeneralSecurityException {
    var document = document(example);
    var names = NAMED.matcher(Files.readString(FOLDER.resolve(example)));
    while (names.find()) {
      Files.writeString(secrets.resolve(names.group(1)), secret(names.group(1)));
    }
    return findings(document);
  }

  private static Findings findings(String document) {
    var reader = new RunConfigReader(Map.of(), RANDOM);
    reader.read(document, Path.of(""));
    return reader.findings();
  }

  private String document(String example) throws IOException {
    return Files.readString(FOLDER.resolve(example)).replace(MOUNTED, secrets.toString());
  }

  private String secret(String name) throws GeneralSecurityException {
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "crt" -> certificate.certificatePem();
      case "key" -> certificate.keyPem();
      case "pem" -> key();
      case "jwks" -> SigningClient.jwks(SigningClient.newKey()).encode();
      default -> base64(random());
    };
  }

  private static String key() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    var pkcs8 = generator.generateKeyPair().getPrivate().getEncoded();
    return "-----BEGIN PRIVATE KEY-----\n" + base64(pkcs8) + "\n-----END PRIVATE KEY-----\n";
  }

  private static byte[] random() {
    var bytes = new byte[32];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
  }
}
