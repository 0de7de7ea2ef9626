package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Everything that one event loop has: its connections, and what it knows of the servers. */
final class Loop {
  private final Vertx vertx;
  private final RedisConfig config;
  private final Condition condition;
  private final Dial dial;
  private final Supplier<Credentials> credentials;
  private final Router router;
  private final Map<Address, Links> links = new HashMap<>();
  private final Map<String, Breaker> breakers = new HashMap<>();

  Loop(Vertx vertx, RedisConfig config, Condition condition, Supplier<Credentials> credentials) {
    this.vertx = vertx;
    this.config = config;
    this.condition = condition;
    this.credentials = credentials;
    this.dial = new Dial(vertx, config);
    this.router = router(config.place());
  }

  Vertx vertx() {
    return vertx;
  }

  RedisConfig config() {
    return config;
  }

  Condition condition() {
    return condition;
  }

  Router router() {
    return router;
  }

  Links links(Address address) {
    return links.computeIfAbsent(address, at -> new Links(at, dial, credentials));
  }

  /** What operations on the same server share. */
  Breaker breaker(String key) {
    return breakers.computeIfAbsent(router.place(key), place -> new Breaker());
  }

  /** Goes over to what opens the servers now. */
  void renew() {
    links.values().forEach(Links::renew);
  }

  Future<?> close() {
    return Future.join(links.values().stream().map(Links::close).toList());
  }

  private Router router(RedisConfig.Place place) {
    if (place instanceof RedisConfig.Sentinel sentinel) {
      return new SentinelRouter(sentinel, dial, condition, credentials);
    }
    if (place instanceof RedisConfig.Cluster cluster) {
      return new ClusterRouter(cluster, dial, condition, this::links);
    }
    return new Router.Single(((RedisConfig.Standalone) place).address());
  }
}
