package dev.keyturn.given;

import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** A store that asks another one; what extends it changes one operation, or how all are called. */
public abstract class DelegatingStore implements KeyValueStore {
  protected final KeyValueStore store;

  protected DelegatingStore(KeyValueStore store) {
    this.store = store;
  }

  /** Calls {@code operation}, which is about {@code key}. */
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    return operation.get();
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return call(key, () -> store.put(key, value, ttl));
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return call(key, () -> store.putIfAbsent(key, value, ttl));
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return call(key, () -> store.get(key));
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return call(key, () -> store.take(key));
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return call(key, () -> store.replace(key, version, next, ttl));
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return call(key, () -> store.delete(key, version));
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return call(key, () -> store.count(key, ttl));
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
