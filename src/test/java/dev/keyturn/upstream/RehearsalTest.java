package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenReplicas.oauth2;
import static dev.keyturn.upstream.GivenReplicas.oidc;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Outcome;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Whoever only looks at a configuration leaves no client behind. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RehearsalTest {
  private final MovedClock clock = new MovedClock();
  private Vertx vertx;
  private RegisteringProvider provider;

  @BeforeEach
  void start(Vertx given) {
    vertx = given;
    provider = RegisteringProvider.start(vertx, clock);
  }

  @Test
  void where_registering_is_possible_all_is_well() {
    assertThat(looked(oidc(provider, "")).ready()).isTrue();
    assertThat(provider.desk.requests).hasValue(0);
  }

  @Test
  void where_it_is_not_that_is_said() {
    provider.metadata =
        document -> {
          document.remove("registration_endpoint");
          return document;
        };
    var status = looked(oidc(provider, ""));
    assertThat(status.ready()).isFalse();
    assertThat(status.reason()).contains("its metadata has no usable registration_endpoint");
  }

  @Test
  void an_endpoint_that_was_written_down_is_not_asked() {
    var endpoint = "registration_endpoint: '" + provider.url("/register") + "'";
    assertThat(looked(oauth2(provider, endpoint)).ready()).isTrue();
    assertThat(provider.desk.requests).hasValue(0);
  }

  @Test
  void a_document_that_was_written_down_is() {
    var document = "discovery_url: '" + provider.url("/jwks") + "'";
    assertThat(looked(oauth2(provider, document)).reason())
        .contains("the document at discovery_url names another issuer");
  }

  @Test
  void nobody_can_log_in() {
    var upstream = deploy(oidc(provider, ""));
    await().until(() -> Outcome.of(upstream.status()).isTried());
    assertThat(Outcome.isGood(upstream.begin(GivenUpstream.request()))).isFalse();
  }

  private UpstreamStatus looked(UpstreamConfig config) {
    var upstream = deploy(config);
    await().until(() -> Outcome.of(upstream.status()).isTried());
    return Outcome.of(upstream.status());
  }

  private UpstreamOverBus deploy(UpstreamConfig config) {
    return GivenUpstream.deploy(vertx, config, clock, Duration.ofHours(1));
  }
}
