package dev.keyturn.given;

import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A memory store that remembers which keys it was asked about. */
public final class CountingStore implements KeyValueStore {
  private final MemoryStore store;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  CountingStore(MemoryStore store) {
    this.store = store;
  }

  /** How many entries there are. */
  public int size() {
    return store.size();
  }

  /** The keys of all calls since {@link #forget}. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public void forget() {
    asked.clear();
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    asked.add(key);
    return store.put(key, value, ttl);
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    asked.add(key);
    return store.putIfAbsent(key, value, ttl);
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    asked.add(key);
    return store.get(key);
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    asked.add(key);
    return store.take(key);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    asked.add(key);
    return store.replace(key, version, next, ttl);
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    asked.add(key);
    return store.delete(key, version);
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    asked.add(key);
    return store.count(key, ttl);
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
