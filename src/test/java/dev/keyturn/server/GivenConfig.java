package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.keys.KeyKeeper;
import dev.keyturn.keys.KeysNow;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.store.MemoryStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server on loopback whose identity provider is down, and the means for one. */
final class GivenConfig {
  static final String ISSUER = "http://127.0.0.1:8080";

  private GivenConfig() {}

  static RunConfig config(String server) {
    var reader = new RunConfigReader(Map.of("C2", "s".repeat(32)), new SecureRandom());
    return reader
        .read(
            """
            issuer: %s
            server: {%s}
            storage: {type: memory}
            clients:
              - {client_id: c1, redirect_uris: ["https://c1.example/cb"]}
              - {client_id: c2, redirect_uris: ["https://c2.example/cb"], client_secret_env_var: C2}
            upstreams:
              - {type: oidc, oidc_config: {issuer_url: "http://127.0.0.1:9", client_id: c}}
            gateway: {backends: [{path: /mcp, url: "http://127.0.0.1:9/mcp"}]}
            """
                .formatted(ISSUER, server),
            Path.of(""))
        .orElseThrow(() -> new AssertionError(reader.findings().errors().toString()));
  }

  static RunConfig anyPorts() {
    return config("port: 0, management_port: 0");
  }

  /** The keys that such a server starts with. */
  static SigningKeys keys(RunConfig config) {
    var listed = config.secrets().signing();
    return SigningKeys.of(listed.get(0), listed.subList(1, listed.size()));
  }

  /** What is in force at the start of such a server, and what is offered by it. */
  static Live live(Vertx vertx, RunConfig config) {
    var means = means();
    return new Live(
        vertx,
        new BusNames(""),
        means,
        (kind, details) -> {},
        Additions.NONE,
        InForce.first(config, kept(means, config)));
  }

  /** The keys that are at work after a look at them. */
  static KeysNow kept(Means means, RunConfig config) {
    var keeper = new KeyKeeper(means.store(), means.clock(), means.random());
    return done(keeper.keep(config.declared()));
  }

  static Means means() {
    return means(new CopyOnWriteArrayList<>());
  }

  static Means means(List<AuditEvent> heard) {
    return new Means(
        new MemoryStore(Clock.systemUTC(), 1000),
        CryptoProvider.jdk("test"),
        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
        heard::add,
        new SecureRandom(),
        Clock.systemUTC());
  }
}
