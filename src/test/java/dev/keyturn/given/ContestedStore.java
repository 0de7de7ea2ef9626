package dev.keyturn.given;

import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/** A store where somebody else is faster to replace an entry, as often as the test says. */
public final class ContestedStore extends DelegatingStore {
  private int losses;
  private int replacements;
  private Duration written = Duration.ZERO;

  public ContestedStore(KeyValueStore store) {
    super(store);
  }

  /** Lets the next {@code times} replacements come too late. */
  public void lose(int times) {
    losses = times;
  }

  /** How often an entry was to be replaced. */
  public int replacements() {
    return replacements;
  }

  /** How long the entry lives that was written last. */
  public Duration timeToLive() {
    return written;
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    written = ttl;
    return store.put(key, value, ttl);
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    written = ttl;
    return store.putIfAbsent(key, value, ttl);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    replacements++;
    if (losses > 0) {
      losses--;
      return Future.succeededFuture(false);
    }
    written = ttl;
    return store.replace(key, version, next, ttl);
  }
}
