package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The setting {@code signing_key_config.algorithm}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AlgorithmSettingTest {
  @TempDir private Path folder;
  private final Findings findings = new Findings();

  @BeforeEach
  void write() throws IOException {
    for (var name : List.of("rsa2048-pkcs8.pem", "p256-pkcs8.pem", "ed25519-pkcs8.pem")) {
      Files.write(folder.resolve(name), GivenKeys.file(name));
    }
    Files.write(folder.resolve("pss.pem"), GivenKeys.file("refused/rsa-pss.pem"));
  }

  @Test
  void an_rsa_key_signs_rs256_without_it() {
    assertThat(signer("signing_key_file: rsa2048-pkcs8.pem")).isEqualTo(SigningAlgorithm.RS256);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"})
  void an_rsa_key_signs_what_it_says(String name) {
    assertThat(signer("signing_key_file: rsa2048-pkcs8.pem, algorithm: " + name).wire())
        .isEqualTo(name);
  }

  @Test
  void a_fallback_rsa_key_is_published_under_it_too() throws IOException {
    var other = SigningKey.generate(SigningAlgorithm.RS256, new SecureRandom());
    Files.writeString(folder.resolve("new.pem"), NewKey.of(other).pem());
    var keys =
        read("signing_key_file: new.pem, fallback_key_files: [rsa2048-pkcs8.pem], algorithm: PS256")
            .orElseThrow();
    assertThat(algorithms(keys)).containsExactly("PS256");
  }

  @Test
  void a_fallback_key_of_another_kind_keeps_its_own() {
    var keys =
        read("signing_key_file: rsa2048-pkcs8.pem, fallback_key_files: [p256-pkcs8.pem],"
                + " algorithm: PS512")
            .orElseThrow();
    assertThat(algorithms(keys)).containsExactly("PS512", "ES256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "EdDSA", "HS256", "none", "rs256", "RS1", "PS1024"})
  void a_word_that_is_no_algorithm_of_rsa_is_a_finding(String name) {
    read("signing_key_file: rsa2048-pkcs8.pem, algorithm: " + name);
    assertThat(errors())
        .containsExactly(
            "signing_key_config.algorithm must be one of RS256, RS384, RS512, PS256, PS384, PS512;"
                + " keys of other kinds than RSA need no setting");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p256-pkcs8.pem, ES256", "ed25519-pkcs8.pem, EdDSA"})
  void a_signing_key_that_cannot_follow_it_is_a_finding(String given) {
    var file = given.substring(0, given.indexOf(','));
    read("signing_key_file: " + file + ", algorithm: RS256");
    assertThat(errors())
        .containsExactly(
            "signing_key_config.algorithm is RS256, which needs an RSA key, but the signing key"
                + " signs "
                + given.substring(given.indexOf(' ') + 1)
                + " and nothing else: leave the setting out");
  }

  @Test
  void an_rsa_fallback_key_does_not_excuse_it() {
    read(
        "signing_key_file: p256-pkcs8.pem, fallback_key_files: [rsa2048-pkcs8.pem],"
            + " algorithm: PS256");
    assertThat(errors()).hasSize(1);
  }

  @Test
  void a_key_that_is_made_at_the_start_cannot_follow_it() {
    read("algorithm: PS256");
    assertThat(errors()).singleElement().asString().contains("needs an RSA key");
  }

  @Test
  void a_key_file_that_is_no_good_is_the_only_finding() {
    read("signing_key_file: none.pem, fallback_key_files: [p256-pkcs8.pem], algorithm: PS256");
    assertThat(errors()).singleElement().asString().contains("does not exist");
  }

  @Test
  void an_rsa_key_that_is_restricted_to_pss_is_refused_even_for_pss() {
    read("signing_key_file: pss.pem, algorithm: PS256");
    assertThat(errors()).singleElement().asString().contains("restricted to PSS");
  }

  private SigningAlgorithm signer(String yaml) {
    return read(yaml).orElseThrow().keys().get(0).algorithm();
  }

  private Optional<KeysConfig> read(String yaml) {
    var document = "signing_key_config: {key_dir: \"" + folder + "\", " + yaml + "}";
    var settings = Settings.parse(document, folder, findings);
    var config =
        KeysConfig.from(
            settings.child("signing_key_config"),
            new SecretReader(Map.of(), findings),
            () -> SigningKey.generate(new SecureRandom()));
    settings.refuseUnknown();
    return config;
  }

  private static List<String> algorithms(KeysConfig config) {
    return SigningKeys.of(config.keys().get(0), config.keys().subList(1, config.keys().size()))
        .algorithms();
  }

  private List<String> errors() {
    return findings.errors().stream().map(Finding::toString).toList();
  }
}
