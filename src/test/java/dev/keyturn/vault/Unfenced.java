package dev.keyturn.vault;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** A store that gives a lease to everybody and replaces whatever is there, which it must not. */
final class Unfenced extends DelegatingStore {
  Unfenced(KeyValueStore store) {
    super(store);
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return store.put(key, value, ttl).map(true);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return store.put(key, next, ttl).map(true);
  }
}
