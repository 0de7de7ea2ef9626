package dev.keyturn.store.redis;

import dev.keyturn.config.Secret;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.store.redis.RedisConfig.Place;
import dev.keyturn.store.redis.RedisConfig.Timeouts;
import dev.keyturn.store.redis.RedisConfig.Waiting;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/** Stores in the servers of a laboratory. */
final class GivenRedis {
  static final Timeouts TIMEOUTS =
      new Timeouts(Duration.ofSeconds(5), Duration.ofSeconds(3), Duration.ofSeconds(3));
  static final Waiting FOR_NOBODY = new Waiting(0, Duration.ofMillis(500));
  static final Waiting FOR_ONE = new Waiting(1, Duration.ofSeconds(1));

  private GivenRedis() {}

  static Place standalone(RedisLab lab) {
    return new RedisConfig.Standalone(address(lab.servers().get(0)));
  }

  static Place sentinel(RedisLab lab) {
    return new RedisConfig.Sentinel(
        RedisLab.MASTER, lab.sentinels().stream().map(GivenRedis::address).toList(), 0);
  }

  static Place cluster(RedisLab lab) {
    return new RedisConfig.Cluster(address(lab.servers().get(0)));
  }

  static Address address(RedisNode node) {
    return new Address("127.0.0.1", node.port());
  }

  static RedisConfig config(Place place, Waiting waiting) {
    return new RedisConfig(place, "kt:", TIMEOUTS, Optional.empty(), Optional.empty(), waiting);
  }

  static RedisAccess access(String password) {
    return new RedisAccess(
        Optional.empty(), Optional.of(new Secret(password)), Optional.empty(), Optional.empty());
  }

  static RedisStore store(Vertx vertx, Place place, Waiting waiting) {
    return RedisStore.open(
        vertx,
        config(place, waiting),
        access(RedisNode.PASSWORD),
        (operation, outcome, took) -> {},
        new SecureRandom());
  }
}
