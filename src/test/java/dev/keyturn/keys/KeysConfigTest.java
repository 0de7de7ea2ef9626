package dev.keyturn.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeysConfigTest {
  private static final SigningKey EPHEMERAL = SigningKey.generate(new SecureRandom());
  private static final SigningKey EC = GivenKeys.key("p256-pkcs8.pem");
  private static final SigningKey ED = GivenKeys.key("ed25519-pkcs8.pem");
  private static final SigningKey RSA = GivenKeys.key("rsa2048-pkcs8.pem");

  @TempDir private Path folder;
  private final Findings findings = new Findings();

  @BeforeEach
  void write() throws IOException {
    place("p256-pkcs8.pem", "B.pem");
    place("ed25519-pkcs8.pem", "a.pem");
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_directory {
    @Test
    void has_the_last_key_in_byte_order_of_names_sign() {
      assertThat(kids("directory: true")).containsExactly(ED.kid(), EC.kid());
    }

    @Test
    void has_names_decide_and_not_the_times_of_files() throws IOException {
      Files.setLastModifiedTime(folder.resolve("B.pem"), FileTime.from(Instant.now()));
      Files.setLastModifiedTime(folder.resolve("a.pem"), FileTime.from(Instant.EPOCH));
      assertThat(kids("directory: true")).startsWith(ED.kid());
    }

    @Test
    void has_bytes_compared_without_a_sign() throws IOException {
      place("rsa2048-pkcs8.pem", "é.pem");
      assertThat(kids("directory: true")).startsWith(RSA.kid());
    }

    @Test
    void may_hold_other_files() throws IOException {
      Files.writeString(folder.resolve("hmac"), "x");
      Files.writeString(folder.resolve("z.pem.bak"), "x");
      Files.createDirectory(folder.resolve("z.pem"));
      assertThat(kids("directory: true")).hasSize(2);
    }

    @Test
    void must_hold_a_key() throws IOException {
      Files.delete(folder.resolve("a.pem"));
      Files.delete(folder.resolve("B.pem"));
      finds("directory: true", "key_dir names " + folder + ", which holds no *.pem");
    }

    @Test
    void with_a_file_that_is_no_good_is_refused_with_its_name() throws IOException {
      Files.writeString(folder.resolve("0.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
      read("directory: true");
      assertThat(errors())
          .singleElement()
          .asString()
          .startsWith("signing_key_config.key_dir names " + folder.resolve("0.pem"));
    }

    @Test
    void with_the_same_key_twice_is_refused() throws IOException {
      place("p256-sec1.pem", "c.pem");
      finds(
          "directory: true",
          "key_dir names "
              + folder.resolve("B.pem")
              + ", which holds the key "
              + EC.kid()
              + ", and so does another file");
    }

    @Test
    void with_more_keys_than_can_be_known_is_refused_with_the_count() throws IOException {
      for (int i = 0; i < 31; i++) {
        var made = NewKey.make(SigningAlgorithm.ES256, new SecureRandom());
        Files.writeString(folder.resolve("n" + i + ".pem"), made.pem());
      }
      finds("directory: true", "key_dir makes 33 keys; at most 32 can be known at once");
    }

    @ParameterizedTest
    @CsvSource({"signing_key_file, a.pem", "fallback_key_files, [a.pem]"})
    void goes_with_no_list_of_files(String field, String value) {
      finds(
          "directory: true, " + field + ": " + value,
          field + " does not go with directory: true, which takes every *.pem of key_dir");
    }

    @Test
    void goes_with_a_list_that_is_empty() {
      assertThat(kids("directory: true, fallback_key_files: []")).hasSize(2);
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Files_by_name {
    @Test
    void are_taken_in_their_order() {
      assertThat(kids("signing_key_file: B.pem, fallback_key_files: [a.pem]"))
          .containsExactly(EC.kid(), ED.kid());
    }

    @Test
    void of_the_same_key_are_refused() {
      finds(
          "directory: false, signing_key_file: B.pem, fallback_key_files: [B.pem]",
          "fallback_key_files[0] names "
              + folder.resolve("B.pem")
              + ", which holds the key "
              + EC.kid()
              + ", and so does another file");
    }

    @Test
    void that_are_not_named_leave_a_key_that_is_the_same_at_each_reading() {
      assertThat(kids("fallback_key_files: []")).isEqualTo(kids("directory: false"));
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Revoked_keys {
    @Test
    void are_taken_by_their_ids() {
      var revoked = read("signing_key_file: B.pem, revoked_keys: [" + ED.kid() + "]");
      assertThat(revoked.orElseThrow().revoked()).containsExactly(ED.kid());
    }

    @Test
    void that_leave_no_signer_are_refused() {
      finds(
          "signing_key_file: B.pem, revoked_keys: [" + EC.kid() + "]",
          "revoked_keys leaves no signing key: list one that is not revoked first");
    }

    @Test
    void may_hold_the_first_key_where_there_is_another() {
      assertThat(kids("directory: true, revoked_keys: [" + ED.kid() + "]")).hasSize(2);
    }

    @Test
    void are_bounded() {
      var many =
          IntStream.range(0, 257).mapToObj("%043d"::formatted).collect(Collectors.joining("', '"));
      finds(
          "signing_key_file: B.pem, revoked_keys: ['" + many + "']",
          "revoked_keys must be at most 256 kids");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class The_time_before_use {
    @Test
    void is_left_to_others_where_it_is_not_given() {
      assertThat(read("signing_key_file: B.pem").orElseThrow().publishBeforeUse()).isEmpty();
    }

    @Test
    void is_what_is_given() {
      assertThat(read("directory: true, publish_before_use: 1h").orElseThrow().publishBeforeUse())
          .contains(Duration.ofHours(1));
    }

    @Test
    void is_at_most_a_week() {
      finds(
          "directory: true, publish_before_use: 169h",
          "publish_before_use must be between 0s and 168h");
    }

    @Test
    void that_is_shorter_than_caches_live_is_warned_of() {
      read("directory: true, publish_before_use: 1m");
      assertThat(findings.warnings())
          .extracting(Finding::toString)
          .containsExactly(
              "signing_key_config.publish_before_use is shorter than jwks_max_age: who keeps the"
                  + " JWK set for so long refuses the first tokens of a new key");
    }
  }

  private void finds(String yaml, String finding) {
    assertThat(read(yaml)).isEmpty();
    assertThat(errors()).containsExactly("signing_key_config." + finding);
  }

  private List<String> kids(String yaml) {
    return read(yaml).orElseThrow().keys().stream().map(SigningKey::kid).toList();
  }

  private Optional<KeysConfig> read(String yaml) {
    var document = "signing_key_config: {key_dir: \"" + folder + "\", " + yaml + "}";
    var settings = Settings.parse(document, folder, findings);
    return KeysConfig.from(
        settings.child("signing_key_config"),
        new SecretReader(Map.of(), findings),
        () -> EPHEMERAL);
  }

  private List<String> errors() {
    return findings.errors().stream().map(Finding::toString).toList();
  }

  private void place(String key, String name) throws IOException {
    Files.write(folder.resolve(name), GivenKeys.file(key));
  }
}
