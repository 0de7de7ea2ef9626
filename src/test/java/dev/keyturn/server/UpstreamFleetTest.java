package dev.keyturn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditLog;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.Outcome;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.Enrolments;
import dev.keyturn.upstream.LoginRequest;
import dev.keyturn.upstream.Role;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.upstream.Upstreams;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamFleetTest {
  private final BusNames names = new BusNames("test.");
  private Vertx vertx;
  private UpstreamFleet fleet;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    fleet =
        new UpstreamFleet(
            vertx,
            names,
            new Means(
                new MemoryStore(Clock.systemUTC(), 10),
                CryptoProvider.detect(),
                new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                new AuditLog(),
                new SecureRandom(),
                Clock.systemUTC()),
            new Enrolments(
                new MemoryStore(Clock.systemUTC(), 10),
                "https://keyturn.example",
                () -> SealingKeys.ephemeral(new SecureRandom()),
                () -> Duration.ZERO,
                Clock.systemUTC(),
                new SecureRandom()));
    Outcome.of(fleet.have(only("hub", "one")));
  }

  @Test
  void a_provider_is_given_an_owner() {
    assertThat(begun()).contains("client_id=one");
  }

  @Test
  void the_owner_is_given_another_configuration() {
    Outcome.of(fleet.have(only("hub", "two")));
    assertThat(begun()).contains("client_id=two");
  }

  @Test
  void another_configuration_needs_no_other_owner() {
    var owners = vertx.deploymentIDs();
    Outcome.of(fleet.have(only("hub", "two")));
    assertThat(vertx.deploymentIDs()).isEqualTo(owners);
  }

  private String begun() {
    return begun("hub");
  }

  private String begun(String name) {
    var hub = new UpstreamOverBus(vertx, names.prefix(), name);
    var request = new LoginRequest("s", "n", "v".repeat(43), Map.of());
    return Outcome.of(hub.begin(request)).location().toString();
  }

  @Test
  void each_of_several_providers_has_an_owner_of_its_own() {
    Outcome.of(fleet.have(List.of(hub("hub", "one"), hub("other", "two"))));
    assertThat(begun("other")).contains("client_id=two");
    assertThat(begun()).contains("client_id=one");
  }

  @Test
  void a_provider_that_is_named_no_more_loses_its_owner_and_the_others_keep_theirs() {
    Outcome.of(fleet.have(List.of(hub("hub", "one"), hub("other", "two"))));
    Outcome.of(fleet.keepOnly(only("hub", "one")));
    assertThat(vertx.deploymentIDs()).hasSize(1);
    assertThat(begun()).contains("client_id=one");
  }

  private static List<ConfiguredUpstream> only(String name, String client) {
    return List.of(hub(name, client));
  }

  private static ConfiguredUpstream hub(String name, String client) {
    var findings = new Findings();
    var entry =
        Settings.parse(
            "---\n{name: "
                + name
                + ", type: oauth2, oauth2_config: {client_id: "
                + client
                + ", authorization_endpoint: 'https://hub.example/a',"
                + " token_endpoint: 'https://hub.example/t'}}",
            Path.of("."),
            findings);
    var config =
        Upstreams.read(
                entry,
                new SecretReader(Map.of(), findings),
                "https://keyturn.example/oauth/callback")
            .orElseThrow();
    return new ConfiguredUpstream(config, new Role(true, false, Optional.empty()));
  }
}
