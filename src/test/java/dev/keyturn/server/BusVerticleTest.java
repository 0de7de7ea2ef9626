package dev.keyturn.server;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.Audit;
import dev.keyturn.given.Outcome;
import dev.keyturn.upstream.ClientProof;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.upstream.UpstreamStatus;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class BusVerticleTest {
  private final BusNames names = new BusNames("test.");
  private final Readiness readiness = new Readiness(java.util.Map::of, java.time.Clock.systemUTC());
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @BeforeEach
  void deploy(Vertx vertx) {
    var live = GivenConfig.live(vertx, GivenConfig.anyPorts());
    Outcome.of(
        vertx.deployVerticle(
            new BusVerticle(
                names,
                new BusAnswers(live, readiness),
                readiness,
                new Counting(metrics, Audit.NONE))));
  }

  @Test
  void proofs_of_who_we_are_are_counted_by_outcome(Vertx vertx) {
    UpstreamOverBus.proved(names.prefix())
        .announce(vertx, new ClientProof("hub", ClientProof.Outcome.PREVIOUS_ACCEPTED));
    await()
        .untilAsserted(
            () ->
                assertThat(metrics.scrape())
                    .contains(
                        "keyturn_upstream_client_proofs_total{outcome=\"previous_accepted\",upstream=\"hub\"} 1.0"));
  }

  @Test
  void the_readiness_says_why_a_configuration_waits(Vertx vertx) {
    names
        .upstreamChanged()
        .announce(
            vertx,
            new UpstreamStatus("hub", true, Optional.empty(), Optional.of("the host is unknown")));
    await()
        .untilAsserted(
            () ->
                assertThat(readiness.toJson().getJsonObject("upstreams").getString("hub"))
                    .isEqualTo(
                        "up; a new configuration waits for its provider: the host is unknown"));
  }
}
