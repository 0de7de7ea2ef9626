package dev.keyturn.vault;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** A store that gives a lease to everybody who asks. */
final class Generous extends DelegatingStore {
  Generous(KeyValueStore store) {
    super(store);
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return key.startsWith("vault-lease/")
        ? store.put(key, value, ttl).map(true)
        : store.putIfAbsent(key, value, ttl);
  }
}
