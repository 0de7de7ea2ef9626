package dev.keyturn.vault;

import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/** A store that gives a lease to everybody who asks. */
record Generous(KeyValueStore store) implements KeyValueStore {
  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return store.put(key, value, ttl);
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return key.startsWith("vault-lease/")
        ? store.put(key, value, ttl).map(true)
        : store.putIfAbsent(key, value, ttl);
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return store.get(key);
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return store.take(key);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return store.replace(key, version, next, ttl);
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return store.delete(key, version);
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return store.count(key, ttl);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
