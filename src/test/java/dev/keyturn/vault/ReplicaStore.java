package dev.keyturn.vault;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The store as one replica sees it: each operation, and its answer, is a step that waits its turn.
 * Now and then one is not carried out, or is carried out and the answer does not arrive.
 */
final class ReplicaStore implements KeyValueStore {
  private final KeyValueStore store;
  private final Steps steps;
  private final Object owner;
  private final Random chance;
  private final Supplier<Integer> faults;

  /**
   * @param faults one operation of so many goes wrong; 0: none
   */
  ReplicaStore(
      KeyValueStore store, Steps steps, Object owner, Random chance, Supplier<Integer> faults) {
    this.store = store;
    this.steps = steps;
    this.owner = owner;
    this.chance = chance;
    this.faults = faults;
  }

  private <T> Future<T> call(Supplier<Future<T>> operation) {
    var promise = Promise.<T>promise();
    steps.add(
        owner,
        () -> {
          var fault = faults.get() > 0 && chance.nextInt(faults.get()) == 0;
          var done = fault && chance.nextBoolean() ? Future.<T>succeededFuture() : operation.get();
          steps.add(
              owner,
              () -> {
                if (fault) {
                  promise.fail(new UnavailableException("lost", Duration.ofSeconds(1)));
                } else {
                  done.onComplete(promise);
                }
              });
        });
    return promise.future();
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return call(() -> store.put(key, value, ttl));
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return call(() -> store.putIfAbsent(key, value, ttl));
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return call(() -> store.get(key));
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return call(() -> store.take(key));
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return call(() -> store.replace(key, version, next, ttl));
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return call(() -> store.delete(key, version));
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return call(() -> store.count(key, ttl));
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
