package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.given.Mount;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration whose files are swapped under it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchedConfigTest {
  private static final String DOCUMENT =
      """
      issuer: http://127.0.0.1:8080
      storage: {type: memory}
      allowed_audiences: ["https://mcp.example.com"]
      signing_key_config: {key_dir: KEYS, directory: true}
      hmac_secret_files: [KEYS/hmac]
      vault: {key_files: [KEYS/vault]}
      upstreams:
        - {type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
      """;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, byte[]> good =
      Map.of(
          "1.pem", Mount.bytes(NewKey.make(SigningAlgorithm.ES256, random).pem()),
          "hmac", Mount.bytes("h".repeat(32)),
          "vault", Mount.bytes("k".repeat(32)));
  private final Mount keys;
  private final WatchedConfig watched;

  WatchedConfigTest(@TempDir Path folder) {
    var config = new Mount(folder.resolve("config"));
    var ephemeral = new Ephemeral(random);
    keys = new Mount(folder.resolve("keys"));
    config.swap("keyturn.yaml", DOCUMENT.replace("KEYS", keys.directory().toString()));
    watched =
        new WatchedConfig(
            config.file("keyturn.yaml"),
            new Disk(),
            disk -> new RunConfigReader(disk, Map.of(), ephemeral, Clock.systemUTC()),
            warning -> {});
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Bad_input_at_the_start {
    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.keyturn.server.BadInput#all")
    void is_refused_with_file_and_reason(BadInput input) {
      keys.swap(input.in(good));
      assertThat(watched.first())
          .isInstanceOfSatisfying(
              Reading.Bad.class, bad -> assertThat(bad.errors().toString()).contains(told(input)));
    }
  }

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class Bad_input_later {
    @BeforeEach
    void a_good_one_is_in_force() {
      keys.swap(good);
      assertThat(watched.first()).isInstanceOf(Reading.Good.class);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.keyturn.server.BadInput#all")
    void is_refused_with_file_and_reason(BadInput input) {
      assertThat(refusal(input)).singleElement().asString().startsWith(told(input));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.keyturn.server.BadInput#all")
    void is_not_shown(BadInput input) {
      assertThat(refusal(input).toString()).doesNotContain(BadInput.secretsOf(input.in(good)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dev.keyturn.server.BadInput#all")
    void leaves_in_force_what_was_there(BadInput input) {
      refusal(input);
      keys.swap(good);
      assertThat(settled()).isInstanceOf(Look.Recovered.class);
    }

    private List<String> refusal(BadInput input) {
      keys.swap(input.in(good));
      return settled() instanceof Look.Rejected<RunConfig> rejected
          ? rejected.errors().stream().map(Finding::toString).toList()
          : List.of();
    }
  }

  private String told(BadInput input) {
    return input.told().replace("KEYS", keys.directory().toString());
  }

  private Look<RunConfig> settled() {
    return Stream.generate(watched.files()::look)
        .limit(10)
        .filter(look -> !(look instanceof Look.Unsettled))
        .findFirst()
        .orElseThrow();
  }
}
