package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.config.Secret;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.redis.Address;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.store.redis.RedisConfig;
import dev.keyturn.store.redis.RedisStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntSupplier;

/**
 * The store of a whole server in a test: in memory, or in a real Redis where {@code
 * -Dkeyturn.store=redis} says so. There entries are aged when the clock is set.
 *
 * @param size how many entries there are
 */
public record FlowStore(KeyValueStore store, IntSupplier size, Optional<RedisLab> redis)
    implements AutoCloseable {
  private static final Duration LONG = Duration.ofSeconds(5);

  static FlowStore of(Vertx vertx, SettableClock clock, int capacity) {
    if (!"redis".equals(System.getProperty("keyturn.store"))) {
      var memory = new MemoryStore(clock, capacity);
      return new FlowStore(memory, memory::size, Optional.empty());
    }
    try {
      var redis = RedisLab.standalone(Files.createTempDirectory("flow-redis"));
      clock.whenForward(redis::age);
      var store = in(vertx, redis.servers().get(0));
      return new FlowStore(store, redis::size, Optional.of(redis));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A store in a server, which it may open by the usual password. */
  public static RedisStore in(Vertx vertx, RedisNode node) {
    var config =
        new RedisConfig(
            new RedisConfig.Standalone(new Address("127.0.0.1", node.port())),
            "kt:",
            new RedisConfig.Timeouts(LONG, LONG, LONG),
            Optional.empty(),
            Optional.empty(),
            new RedisConfig.Waiting(0, LONG));
    var access =
        new RedisAccess(
            Optional.empty(),
            Optional.of(new Secret(RedisNode.PASSWORD)),
            Optional.empty(),
            Optional.empty());
    return RedisStore.open(
        vertx, config, access, (operation, outcome, took) -> {}, new SecureRandom());
  }

  @Override
  public void close() {
    done(store.close());
    redis.ifPresent(RedisLab::close);
  }
}
