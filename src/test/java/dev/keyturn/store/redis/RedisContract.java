package dev.keyturn.store.redis;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.given.RedisLab;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.KeyValueStoreContract;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract in real servers, which are started once. Their clock cannot be set, so entries are
 * aged, and a few seconds more or less tell nothing.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisContract implements KeyValueStoreContract {
  private final Vertx vertx = Vertx.vertx();
  private RedisLab lab;
  private KeyValueStore store;

  abstract RedisLab start(Path folder);

  abstract RedisStore open(Vertx loops, RedisLab servers);

  @BeforeAll
  void start_all(@TempDir Path folder) {
    lab = start(folder);
    store = open(vertx, lab);
    Patience.await().until(() -> Outcome.isGood(store.get(KEY)));
  }

  @AfterAll
  void stop_all() {
    done(vertx.close());
    lab.close();
  }

  @BeforeEach
  void remove_everything() {
    lab.clear();
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public void forward(Duration time) {
    lab.age(time);
  }

  @Override
  public Duration moment() {
    return Duration.ofSeconds(20);
  }
}
