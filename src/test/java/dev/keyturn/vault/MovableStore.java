package dev.keyturn.vault;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A store that can be away, and whose entries a test may look at and move. */
final class MovableStore implements KeyValueStore {
  final Map<String, Buffer> raw = new ConcurrentHashMap<>();
  volatile boolean away;
  volatile boolean readOnly;

  /** Whether what is there cannot be changed; what is new can be written. */
  volatile boolean frozen;

  private final MemoryStore store;

  MovableStore(Clock clock) {
    store = new MemoryStore(clock, 100);
  }

  static MovableStore fresh() {
    return new MovableStore(new SettableClock());
  }

  /** The one key that is there. */
  String onlyKey() {
    return raw.keySet().iterator().next();
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return written(key, value, () -> store.put(key, value, ttl));
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return written(key, value, () -> store.putIfAbsent(key, value, ttl));
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return away ? isAway() : store.get(key);
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return away ? isAway() : store.take(key);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return frozen ? isAway() : written(key, next, () -> store.replace(key, version, next, ttl));
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return away || readOnly ? isAway() : store.delete(key, version);
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return store.count(key, ttl);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }

  private <T> Future<T> written(String key, Buffer value, Supplier<Future<T>> write) {
    if (away || readOnly) {
      return isAway();
    }
    raw.put(key, value);
    return write.get();
  }

  private static <T> Future<T> isAway() {
    return Future.failedFuture(new UnavailableException("the store is away", Duration.ZERO));
  }
}
