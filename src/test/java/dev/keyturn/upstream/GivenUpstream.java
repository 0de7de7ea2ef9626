package dev.keyturn.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.given.FakeOAuth2;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.secrets.SecretReader;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;

/** Upstreams for tests: read from settings, deployed, asked over the bus. */
final class GivenUpstream {
  static final String CALLBACK = "https://keyturn.example/oauth/callback";
  static final String PREFIX = "test.";
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String NONCE = "n-0123456789";
  static final String SECRET = "s3cr3t+%";
  static final String VERIFIER = "v".repeat(43);

  private GivenUpstream() {}

  static Optional<? extends UpstreamConfig> read(String yaml, Findings findings) {
    return read(yaml, SECRET, findings);
  }

  static Optional<? extends UpstreamConfig> read(String yaml, String secret, Findings findings) {
    var settings = Settings.parse("---\n" + yaml, Path.of("."), findings);
    var secrets = new SecretReader(Map.of("SECRET", secret), findings);
    var config = Upstreams.read(settings, secrets, CALLBACK);
    settings.refuseUnknown();
    return config;
  }

  static UpstreamConfig valid(String yaml) {
    return valid(yaml, SECRET);
  }

  private static UpstreamConfig valid(String yaml, String secret) {
    var findings = new Findings();
    var config = read(yaml, secret, findings);
    assertThat(findings.errors()).isEmpty();
    return config.orElseThrow();
  }

  /** The rule that an entry of {@code upstreams} has. */
  static Allow allow(String rule) {
    var config =
        valid(
            "{type: oidc, allow: %s, oidc_config: {issuer_url: https://a.example, client_id: c}}"
                .formatted(rule));
    return ((OidcUpstream.Config) config).allow();
  }

  static UpstreamConfig oidc(FakeOidc provider, String entry, String more) {
    return valid(
        "{type: oidc%s, oidc_config: {issuer_url: '%s', client_id: keyturn%s}}"
            .formatted(entry, provider.issuer(), more));
  }

  /** A provider at {@code issuer} where we prove ourselves by {@code secret}. */
  static UpstreamConfig oidcWith(String secret, String issuer, String more) {
    return valid(
        ("{type: oidc, oidc_config: {issuer_url: '%s', client_id: keyturn,"
                + " client_secret_env_var: SECRET%s}}")
            .formatted(issuer, more),
        secret);
  }

  /** A provider at {@code issuer} where we prove ourselves by the key in {@code pem}. */
  static UpstreamConfig oidcByKey(String pem, String issuer, String more) {
    return valid(
        ("{type: oidc, oidc_config: {issuer_url: '%s', client_id: keyturn,"
                + " client_key_env_var: SECRET%s}}")
            .formatted(issuer, more),
        pem);
  }

  /** A provider without discovery where we prove ourselves by the key in {@code pem}. */
  static UpstreamConfig oauth2ByKey(String pem, FakeOAuth2 provider) {
    return valid(
        ("{type: oauth2, oauth2_config: {client_id: keyturn, client_key_env_var: SECRET,"
                + " authorization_endpoint: '%s', token_endpoint: '%s'}}")
            .formatted(
                provider.url("/login/oauth/authorize"), provider.url("/login/oauth/access_token")),
        pem);
  }

  /** A key file that protects nothing. */
  static String pem(String name) {
    try (var in = GivenUpstream.class.getResourceAsStream("/dev/keyturn/keys/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), US_ASCII);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A provider without discovery where we prove ourselves by {@code secret}. */
  static UpstreamConfig oauth2With(String secret, FakeOAuth2 provider, String more) {
    return valid(
        ("{type: oauth2, oauth2_config: {client_id: keyturn, client_secret_env_var: SECRET,"
                + " authorization_endpoint: '%s', token_endpoint: '%s'%s}}")
            .formatted(
                provider.url("/login/oauth/authorize"),
                provider.url("/login/oauth/access_token"),
                more),
        secret);
  }

  static UpstreamConfig oauth2(FakeOAuth2 provider, String more) {
    return oauth2(provider, "", more);
  }

  static UpstreamConfig oauth2(FakeOAuth2 provider, String entry, String more) {
    return valid(
        ("{type: oauth2, name: hub%s, oauth2_config: {client_id: keyturn,"
                + " client_secret_env_var: SECRET,"
                + " authorization_endpoint: '%s', token_endpoint: '%s'%s}}")
            .formatted(
                entry,
                provider.url("/login/oauth/authorize"),
                provider.url("/login/oauth/access_token"),
                more));
  }

  /** Deploys the owner of a provider that is asked again only after a failure. */
  static UpstreamOverBus deploy(Vertx vertx, UpstreamConfig config, Clock clock) {
    return deploy(vertx, config, clock, Duration.ofHours(1));
  }

  /** Deploys the owner of a provider whose document is fetched anew as often as that. */
  static UpstreamOverBus deploy(
      Vertx vertx, UpstreamConfig config, Clock clock, Duration refreshed) {
    var often = Duration.ofMillis(10);
    var pace = new Discovery.Pace(often, often, refreshed, often);
    Outcome.of(
        vertx.deployVerticle(
            new UpstreamVerticle(config, PREFIX, clock, new Random(1), pace, Optional.empty())));
    return new UpstreamOverBus(vertx, PREFIX, config.name());
  }

  static LoginRequest request() {
    return new LoginRequest("st", NONCE, VERIFIER, Map.of());
  }

  /** A login that begins now and comes back with {@code code}. */
  static LoginAnswer answer(Upstream upstream, String code) {
    return answer(Outcome.of(upstream.begin(request())), code);
  }

  /** A login that began so and comes back with {@code code}. */
  static LoginAnswer answer(LoginBegun begun, String code) {
    return new LoginAnswer(
        Optional.of(code), Optional.empty(), Optional.empty(), NONCE, VERIFIER, begun.terms());
  }

  /**
   * The tokens of a whole refresh: redeemed, judged, and completed by the old ones. It fails as
   * whoever asks for the tokens would be refused.
   */
  static UpstreamTokens refreshed(Upstream upstream, UpstreamLogin before) {
    var answer = Outcome.of(upstream.redeem(before.tokens(), before.identity(), ""));
    if (answer instanceof RefreshAnswer.Redeemed redeemed) {
      return Outcome.of(upstream.validate(redeemed.fresh(), before.identity(), ""))
          .orElse(before.tokens());
    }
    if (answer instanceof RefreshAnswer.Refused) {
      throw ErrorCode.INVALID_GRANT.because("");
    }
    throw new UnavailableException(answer.toString(), Duration.ZERO);
  }

  /** A clock that stands still until it is moved. */
  static final class MovedClock extends Clock {
    private volatile Instant now = NOW;

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}
