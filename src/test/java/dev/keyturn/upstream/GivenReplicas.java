package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.valid;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.DelegatingStore;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Replicas over one store, each with an owner of the same provider at which they register. */
final class GivenReplicas {
  static final Duration OFTEN = Duration.ofMillis(10);
  static final Duration NEVER = Duration.ofHours(1);

  private final SecureRandom random = new SecureRandom();
  private final AtomicInteger serial = new AtomicInteger();
  private final SealingKeys keys = SealingKeys.ephemeral(random);
  private final Vertx vertx;
  private final Clock clock;
  final MemoryStore store;

  /** What was told, of all of them. */
  final List<String> news = new CopyOnWriteArrayList<>();

  GivenReplicas(Vertx vertx, Clock clock) {
    this.vertx = vertx;
    this.clock = clock;
    this.store = new MemoryStore(clock, 1_000);
  }

  /** One that looks at the store all the time. */
  Replica start(UpstreamConfig config) {
    return start(config, store, OFTEN);
  }

  /** One that sees the store in its own way, and looks at it as often as that. */
  Replica start(UpstreamConfig config, KeyValueStore seen, Duration look) {
    return start(config, seen, look, keys);
  }

  /** One that leaves a provider alone for ever that has failed once. */
  Replica patient(UpstreamConfig config) {
    return start(config, store, new Discovery.Pace(NEVER, NEVER, NEVER, OFTEN), keys);
  }

  Replica start(UpstreamConfig config, KeyValueStore seen, Duration look, SealingKeys own) {
    return start(config, seen, new Discovery.Pace(OFTEN, OFTEN, NEVER, look), own);
  }

  private Replica start(
      UpstreamConfig config, KeyValueStore seen, Discovery.Pace pace, SealingKeys own) {
    var alive = new Mortal(seen);
    var prefix = "replica-" + serial.incrementAndGet() + ".";
    var enrolments =
        new Enrolments(
            alive,
            "https://keyturn.example",
            () -> own,
            () -> Duration.ofMinutes(2),
            clock,
            random);
    Outcome.of(
        UpstreamOverBus.registered(prefix)
            .listen(vertx, told -> news.add(told.outcome().wire()))
            .completion());
    var id =
        Outcome.of(
            vertx.deployVerticle(
                new UpstreamVerticle(
                    config, prefix, clock, new Random(1), pace, Optional.of(enrolments))));
    return new Replica(vertx, new UpstreamOverBus(vertx, prefix, config.name()), id, alive);
  }

  /** The key of the record that they share. */
  String recordOf(UpstreamConfig config) {
    var records =
        new Enrolments(
            store, "https://keyturn.example", () -> keys, () -> Duration.ZERO, clock, random);
    return "upstream-client/" + records.id(config, config.registration().self().orElseThrow());
  }

  /** An OpenID provider at which we register. */
  static UpstreamConfig oidc(RegisteringProvider provider, String more) {
    return oidc(provider, "", more);
  }

  /**
   * An OpenID provider at which we register.
   *
   * @param config more of {@code oidc_config}
   * @param more members of {@code dcr_config}
   */
  static UpstreamConfig oidc(RegisteringProvider provider, String config, String more) {
    return valid(
        "{type: oidc, oidc_config: {issuer_url: '%s'%s, dcr_config: {%s}}}"
            .formatted(provider.url(""), config, more));
  }

  /** Another provider, with what it has in {@code dcr_config}. */
  static UpstreamConfig oauth2(RegisteringProvider provider, String members) {
    return valid(
        ("{type: oauth2, oauth2_config: {authorization_endpoint: '%s', token_endpoint: '%s',"
                + " scopes: [repo], userinfo: {endpoint_url: '%s'}, dcr_config: {%s}}}")
            .formatted(
                provider.url("/authorize"),
                provider.url("/token"),
                provider.url("/user"),
                members));
  }

  /** One replica. */
  record Replica(Vertx vertx, UpstreamOverBus upstream, String id, Mortal store) {
    UpstreamStatus status() {
      return Outcome.of(upstream.status());
    }

    Replica ready() {
      await().until(() -> status().ready());
      return this;
    }

    LoginBegun begin() {
      return Outcome.of(upstream.begin(GivenUpstream.request()));
    }

    /** The client that begins logins now. */
    String client() {
      return begin().terms().clientId();
    }

    UpstreamLogin finish(LoginBegun begun, RegisteringProvider provider) {
      return Outcome.of(
          upstream.finish(GivenUpstream.answer(begun, provider.authorize(begun.location()))));
    }

    UpstreamLogin login(RegisteringProvider provider) {
      return finish(begin(), provider);
    }

    RefreshAnswer refresh(UpstreamLogin login) {
      return Outcome.of(
          upstream.redeem(
              login.tokens(), login.identity(), ClientGeneration.of(login.client().orElseThrow())));
    }

    /** Ends it as it ends itself. */
    void stop() {
      Outcome.of(vertx.undeploy(id));
    }

    /** Ends it as a crash would: nothing more of it reaches the store. */
    void kill() {
      store.dead = true;
      Outcome.of(vertx.undeploy(id));
    }
  }

  /** The store of one that may be dead. */
  static final class Mortal extends DelegatingStore {
    /** How often anything was asked. */
    final AtomicInteger reads = new AtomicInteger();

    private volatile boolean dead;

    Mortal(KeyValueStore store) {
      super(store);
    }

    @Override
    protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
      reads.incrementAndGet();
      return dead ? Future.failedFuture("dead") : operation.get();
    }
  }
}
