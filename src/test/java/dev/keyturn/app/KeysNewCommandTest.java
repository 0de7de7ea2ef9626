package dev.keyturn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.given.Patience;
import dev.keyturn.keys.KeysConfig;
import dev.keyturn.keys.SigningKey;
import dev.keyturn.secrets.SecretReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeysNewCommandTest {
  @TempDir private Path folder;

  @Test
  void prints_an_es256_key_and_nothing_else_to_standard_output() {
    var run = GivenCommand.run("keys", "new");
    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .startsWith("-----BEGIN PRIVATE KEY-----\n")
        .endsWith("\n-----END PRIVATE KEY-----\n");
    assertThat(key(run.out()).algorithm().wire()).isEqualTo("ES256");
  }

  @Test
  void names_the_key_on_standard_error_and_shows_nothing_of_it() {
    var run = GivenCommand.run("keys", "new");
    assertThat(run.err().strip()).isEqualTo("kid " + key(run.out()).kid() + ", ES256");
  }

  @Test
  void two_keys_differ() {
    assertThat(GivenCommand.run("keys", "new").out())
        .isNotEqualTo(GivenCommand.run("keys", "new").out());
  }

  @ParameterizedTest
  @CsvSource({
    "ES256, ES256",
    "ES384, ES384",
    "ES512, ES512",
    "RS256, RS256",
    "PS256, RS256",
    "EdDSA, EdDSA"
  })
  void a_new_key_is_loaded_by_the_configuration(String algorithm, String signs) {
    var file = folder.resolve("key.pem");
    GivenCommand.run("keys", "new", "--algorithm", algorithm, "--out", file);
    var findings = new Findings();
    var settings = Settings.parse("signing_key_file: key.pem\nkey_dir: .", folder, findings);
    var config =
        KeysConfig.from(
            settings,
            new SecretReader(Map.of(), findings),
            () -> {
              throw new AssertionError("no key was read");
            });
    assertThat(config.orElseThrow().keys())
        .singleElement()
        .satisfies(key -> assertThat(key.algorithm().wire()).isEqualTo(signs));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ES256", "ES384", "ES512", "RS256", "EdDSA"})
  void a_new_key_is_read_by_openssl(String algorithm) throws Exception {
    var file = folder.resolve("key.pem");
    GivenCommand.run("keys", "new", "--algorithm", algorithm, "--out", file);
    assumeTrue(hasOpenssl(), "openssl is not here");
    var process =
        new ProcessBuilder("openssl", "pkey", "-check", "-noout", "-in", file.toString())
            .redirectErrorStream(true)
            .start();
    assertThat(process.waitFor(Patience.SECONDS, Patience.UNIT)).isTrue();
    assertThat(process.exitValue())
        .as(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
        .isZero();
  }

  @Test
  void says_which_setting_a_ps256_key_needs() {
    assertThat(GivenCommand.run("keys", "new", "--algorithm", "PS256").err())
        .contains("signing_key_config.algorithm: PS256");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HS256", "none", "es256", "RSA", ""})
  void an_unknown_algorithm_is_a_mistake_of_the_command_line(String algorithm) {
    var run = GivenCommand.run("keys", "new", "--algorithm", algorithm);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("is none of ES256, ES384").doesNotContain("\tat ");
  }

  @Test
  void help_tells_the_algorithms_and_the_default() {
    assertThat(GivenCommand.run("keys", "new", "--help").out().replaceAll("\\s+", " "))
        .contains("ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512, EdDSA")
        .contains("(default: ES256)");
  }

  @Test
  void keys_alone_is_a_mistake_of_the_command_line() {
    var run = GivenCommand.run("keys");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("Name a command: keys new or keys list.");
  }

  @Test
  void only_one_place_can_be_named() {
    var out = folder.resolve("key.pem");
    assertThat(GivenCommand.run("keys", "new", "--out", out, "--dir", folder).exit()).isEqualTo(2);
    assertThat(out).doesNotExist();
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Into_a_file {
    private Path file;

    @BeforeEach
    void name() {
      file = folder.resolve("key.pem");
    }

    @Test
    void prints_the_name_of_the_file_only() {
      assertThat(GivenCommand.run("keys", "new", "--out", file).out()).isEqualTo(file + "\n");
    }

    @Test
    void only_its_owner_may_read_it() throws IOException {
      GivenCommand.run("keys", "new", "--out", file);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @Test
    void a_file_that_is_there_stays_as_it_is() throws IOException {
      Files.writeString(file, "precious");
      var run = GivenCommand.run("keys", "new", "--out", file);
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err())
          .startsWith("keyturn: " + file + " is there already, and a key is never overwritten");
      assertThat(file).hasContent("precious");
    }

    @Test
    void a_link_that_leads_nowhere_is_not_followed() throws IOException {
      var elsewhere = folder.resolve("elsewhere");
      Files.createSymbolicLink(file, elsewhere);
      assertThat(GivenCommand.run("keys", "new", "--out", file).exit()).isEqualTo(1);
      assertThat(elsewhere).doesNotExist();
    }

    @Test
    void a_directory_that_is_not_there_is_named() {
      var run = GivenCommand.run("keys", "new", "--out", folder.resolve("no/key.pem"));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("its directory does not exist").doesNotContain("Exception");
    }

    @Test
    void a_directory_under_a_file_is_a_message_too() throws IOException {
      Files.writeString(file, "no directory");
      var run = GivenCommand.run("keys", "new", "--out", file.resolve("key.pem"));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).hasLineCount(1).startsWith("keyturn: ");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Into_a_directory {
    @Test
    void the_file_is_named_by_time_and_kid() throws IOException {
      var run = GivenCommand.run("keys", "new", "--dir", folder);
      var file = Path.of(run.out().strip());
      assertThat(file)
          .hasFileName(
              "20261123T120000Z-" + key(Files.readString(file)).kid().substring(0, 8) + ".pem");
    }

    @Test
    void the_time_is_utc_wherever_the_machine_is() {
      var tokyo =
          Clock.fixed(Instant.parse("2026-11-23T20:30:05Z"), java.time.ZoneId.of("Asia/Tokyo"));
      assertThat(GivenCommand.run(tokyo, "keys", "new", "--dir", folder).out())
          .contains("20261123T203005Z-");
    }

    @Test
    void only_its_owner_may_read_it() throws IOException {
      var file = Path.of(GivenCommand.run("keys", "new", "--dir", folder).out().strip());
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }

    @Test
    void the_newest_key_is_the_one_that_signs() {
      GivenCommand.run("keys", "new", "--dir", folder);
      var later = Clock.fixed(Instant.parse("2027-01-01T00:00:00Z"), ZoneOffset.UTC);
      var newest = GivenCommand.run(later, "keys", "new", "--dir", folder).out().strip();
      assertThat(GivenCommand.run("keys", "list", folder).out().lines())
          .filteredOn(line -> line.contains(" signs "))
          .singleElement()
          .asString()
          .endsWith(newest);
    }

    @Test
    void a_directory_that_may_not_be_written_is_named() throws Exception {
      var closed = Files.createDirectory(folder.resolve("closed"));
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r-x------"));
      assumeTrue(!Files.isWritable(closed), "this user may write everywhere");
      var run = GivenCommand.run("keys", "new", "--dir", closed);
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).contains("this user may not write there");
    }

    @Test
    void a_directory_on_a_read_only_file_system_is_a_message() {
      assumeTrue(Files.isDirectory(Path.of("/proc/self")), "there is no /proc");
      var run = GivenCommand.run("keys", "new", "--dir", "/proc/self");
      assertThat(run.exit()).isEqualTo(1);
      assertThat(run.err()).hasLineCount(1).startsWith("keyturn: /proc/self/2026");
    }

    @Test
    void a_directory_that_is_not_there_is_not_made() {
      var run = GivenCommand.run("keys", "new", "--dir", folder.resolve("no"));
      assertThat(run.exit()).isEqualTo(1);
      assertThat(folder.resolve("no")).doesNotExist();
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class As_a_secret {
    @Test
    void is_a_secret_of_that_name() throws IOException {
      var manifest = manifest("keys", "new", "--secret", "as-keys", "--namespace", "team-a");
      assertThat(
              List.of(
                  manifest.at("/apiVersion").asText(),
                  manifest.at("/kind").asText(),
                  manifest.at("/metadata/name").asText(),
                  manifest.at("/metadata/namespace").asText()))
          .containsExactly("v1", "Secret", "as-keys", "team-a");
    }

    @Test
    void names_no_namespace_unless_asked() throws IOException {
      assertThat(manifest("keys", "new", "--secret", "as-keys").at("/metadata").size())
          .isEqualTo(1);
    }

    @Test
    void a_name_of_digits_stays_text() throws IOException {
      assertThat(manifest("keys", "new", "--secret", "123").at("/metadata/name").isTextual())
          .isTrue();
    }

    @Test
    void everything_in_it_is_good_for_a_server() throws IOException {
      var data =
          manifest("keys", "new", "--secret", "as-keys", "--algorithm", "ES384").at("/stringData");
      for (var entry : data.properties()) {
        Files.writeString(folder.resolve(entry.getKey()), entry.getValue().asText());
      }
      var findings = new Findings();
      var files = new SecretReader(Map.of(), findings);
      assertThat(key(data.at("/" + signing(data)).asText()).algorithm().wire()).isEqualTo("ES384");
      assertThat(files.hmac("hmac", folder.resolve("hmac-1"))).isPresent();
      assertThat(files.sealingKey("vault", folder.resolve("vault-1"))).isPresent();
      assertThat(data.size()).isEqualTo(3);
    }

    @Test
    void every_secret_is_made_anew() throws IOException {
      var values =
          Stream.of(
                  manifest("keys", "new", "--secret", "a"),
                  manifest("keys", "new", "--secret", "a"))
              .flatMap(manifest -> manifest.at("/stringData").properties().stream())
              .map(entry -> entry.getValue().asText());
      assertThat(values).hasSize(6).doesNotHaveDuplicates();
    }

    @Test
    void says_how_to_apply_it_without_replacing_keys_in_use() {
      assertThat(GivenCommand.run("keys", "new", "--secret", "a", "--namespace", "b").out())
          .contains("#   keyturn keys new --secret a --namespace b | kubectl create -f -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Upper", "a_b", "-a", "a-", "a\nkind: Pod", "a\"b", "a b"})
    void a_name_that_kubernetes_refuses_is_a_mistake_of_the_command_line(String name) {
      var run = GivenCommand.run("keys", "new", "--secret", name);
      assertThat(run.exit()).isEqualTo(2);
      assertThat(run.out()).isEmpty();
    }

    @Test
    void a_namespace_without_a_secret_is_a_mistake_of_the_command_line() {
      var run = GivenCommand.run("keys", "new", "--namespace", "a");
      assertThat(run.exit()).isEqualTo(2);
      assertThat(run.err()).contains("--namespace goes with --secret");
    }

    @Test
    void names_the_signing_key_by_time_and_kid() throws IOException {
      var data = manifest("keys", "new", "--secret", "a").at("/stringData");
      var name = signing(data);
      assertThat(name)
          .isEqualTo(
              "20261123T120000Z-" + key(data.get(name).asText()).kid().substring(0, 8) + ".pem");
    }

    @Test
    void is_a_directory_of_keys_in_which_a_later_one_signs() throws IOException {
      var data = manifest("keys", "new", "--secret", "a").at("/stringData");
      Files.writeString(folder.resolve(signing(data)), data.get(signing(data)).asText());
      var later = Clock.fixed(Instant.parse("2027-01-01T00:00:00Z"), ZoneOffset.UTC);
      var newest = GivenCommand.run(later, "keys", "new", "--dir", folder).out().strip();
      assertThat(GivenCommand.run("keys", "list", folder).out().lines())
          .filteredOn(line -> line.contains(" signs "))
          .singleElement()
          .asString()
          .endsWith(newest);
    }

    private static String signing(JsonNode data) {
      return data.properties().stream()
          .map(Map.Entry::getKey)
          .filter(name -> name.endsWith(".pem"))
          .findFirst()
          .orElseThrow();
    }

    private JsonNode manifest(String... arguments) throws IOException {
      return new YAMLMapper().readTree(GivenCommand.run((Object[]) arguments).out());
    }
  }

  private static SigningKey key(String pem) {
    return SigningKey.fromPem(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static boolean hasOpenssl() throws InterruptedException {
    try {
      return new ProcessBuilder("openssl", "version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
