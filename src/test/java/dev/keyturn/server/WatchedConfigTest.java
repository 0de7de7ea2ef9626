package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Mount;
import dev.keyturn.given.SettableClock;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A configuration whose files are swapped under it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WatchedConfigTest {
  private static final String DOCUMENT =
      """
      issuer: https://mcp.example.com
      server: {tls: {cert_file: TLS/tls.crt, key_file: TLS/tls.key}}
      storage: {type: memory}
      allowed_audiences: ["https://mcp.example.com"]
      signing_key_config: {key_dir: KEYS, directory: true}
      hmac_secret_files: [KEYS/hmac]
      vault: {key_files: [KEYS/vault]}
      upstreams:
        - type: oidc
          oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c, client_key_file: KEYS/client}
      """;

  private static final Duration HOUR = Duration.ofHours(1);

  private final SecureRandom random = new SecureRandom();
  private final Map<String, byte[]> good =
      Map.of(
          "1.pem", Mount.bytes(NewKey.make(SigningAlgorithm.ES256, random).pem()),
          "hmac", Mount.bytes("h".repeat(32)),
          "vault", Mount.bytes("k".repeat(32)),
          "client", Mount.bytes(NewKey.make(SigningAlgorithm.ES256, random).pem()));
  private final SettableClock clock = new SettableClock();
  private final GivenCertificate first = certificateFrom(clock.instant().minus(HOUR));
  private final Mount keys;
  private final Mount tls;
  private final WatchedConfig watched;

  WatchedConfigTest(@TempDir Path folder) {
    var config = new Mount(folder.resolve("config"));
    var ephemeral = new Ephemeral(random);
    keys = new Mount(folder.resolve("keys"));
    tls = new Mount(folder.resolve("tls"));
    serve(first);
    config.swap(
        "keyturn.yaml",
        DOCUMENT
            .replace("KEYS", keys.directory().toString())
            .replace("TLS", tls.directory().toString()));
    watched =
        new WatchedConfig(
            config.file("keyturn.yaml"),
            new Disk(),
            disk -> new RunConfigReader(disk, Map.of(), ephemeral, clock),
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

  @Nested
  @DisplayNameGeneration(ReplaceUnderscores.class)
  class A_certificate_that_is_not_valid_yet {
    private final GivenCertificate next = certificateFrom(clock.instant().plus(HOUR));

    @BeforeEach
    void comes_after_a_good_one() {
      keys.swap(good);
      assertThat(watched.first()).isInstanceOf(Reading.Good.class);
      serve(next);
      assertThat(settled()).isInstanceOf(Look.Rejected.class);
    }

    @Test
    void is_refused_once_until_its_time() {
      clock.forward(HOUR.minusSeconds(1));
      assertThat(watched.files().look()).isInstanceOf(Look.Unchanged.class);
    }

    @Test
    void is_taken_when_its_time_has_come_though_no_file_changes() {
      clock.forward(HOUR);
      assertThat(settled())
          .isInstanceOfSatisfying(
              Look.Accepted.class,
              accepted ->
                  assertThat(((RunConfig) accepted.generation().value()).listen().tls())
                      .contains(new Listen.Tls(List.of(next.certificate()), next.key())));
    }

    @Test
    void does_not_bring_back_what_else_is_wrong() {
      keys.swap("hmac", "short");
      settled();
      clock.forward(HOUR);
      assertThat(settled()).isInstanceOf(Look.Rejected.class);
      assertThat(settled()).isInstanceOf(Look.Unchanged.class);
    }
  }

  private static GivenCertificate certificateFrom(Instant start) {
    return GivenCertificate.from(start, Duration.ofDays(366));
  }

  private void serve(GivenCertificate certificate) {
    tls.swap("tls.crt", certificate.certificatePem(), "tls.key", certificate.keyPem());
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
