package dev.keyturn.store;

import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store that lives and dies with the process: one concurrent map, whose {@code compute} makes
 * each operation atomic. Bounded: when it is full, only what makes a new entry is refused.
 */
public final class MemoryStore implements KeyValueStore {
  private static final Duration SWEEP_EVERY = Duration.ofMinutes(1);
  private static final Duration SWEEP_EVERY_WHEN_FULL = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();
  private final AtomicLong versions = new AtomicLong();
  private final AtomicReference<Instant> swept;
  private final Clock clock;
  private final int capacity;

  /**
   * @param clock decides when an entry has died
   * @param capacity the most entries held at once
   */
  public MemoryStore(Clock clock, int capacity) {
    this.clock = clock;
    this.swept = new AtomicReference<>(clock.instant());
    this.capacity = capacity;
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return change(key, old -> entry(value, ttl)).mapEmpty();
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    var mine = entry(value, ttl);
    return change(key, old -> old == null ? mine : old).map(now -> now.version() == mine.version());
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return Future.succeededFuture(
        Optional.ofNullable(entries.get(key))
            .filter(this::isAlive)
            .map(entry -> new Versioned<>(entry.value().copy(), entry.version())));
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return Future.succeededFuture(
        Optional.ofNullable(entries.remove(key)).filter(this::isAlive).map(Entry::value));
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    var mine = entry(next, ttl);
    var now =
        entries.computeIfPresent(
            key, (k, old) -> isAlive(old) && old.version() == version ? mine : old);
    return Future.succeededFuture(now != null && now.version() == mine.version());
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    var old = entries.get(key);
    return Future.succeededFuture(
        old != null && isAlive(old) && old.version() == version && entries.remove(key, old));
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return change(
            key,
            old ->
                old == null
                    ? entry(Buffer.buffer().appendLong(1), ttl)
                    : new Entry(
                        Buffer.buffer().appendLong(old.value().getLong(0) + 1),
                        versions.incrementAndGet(),
                        old.dies()))
        .map(now -> now.value().getLong(0));
  }

  @Override
  public Future<Void> close() {
    entries.clear();
    return Future.succeededFuture();
  }

  /** How many entries it holds, dead ones that no sweep has met yet included. */
  public int size() {
    return entries.size();
  }

  private Future<Entry> change(String key, UnaryOperator<@Nullable Entry> change) {
    sweepIfDue();
    if (entries.size() >= capacity && !entries.containsKey(key)) {
      return Future.failedFuture(new UnavailableException("the memory store is full", RETRY));
    }
    return Future.succeededFuture(
        entries.compute(key, (k, old) -> change.apply(old == null || !isAlive(old) ? null : old)));
  }

  /** Looks at every entry, so it must be rare, however many calls a full store refuses. */
  private void sweepIfDue() {
    var now = clock.instant();
    var last = swept.get();
    var pause = entries.size() >= capacity ? SWEEP_EVERY_WHEN_FULL : SWEEP_EVERY;
    var due = Duration.between(last, now).abs().compareTo(pause) >= 0;
    if (due && swept.compareAndSet(last, now)) {
      entries.values().removeIf(entry -> !isAlive(entry));
    }
  }

  private Entry entry(Buffer value, Duration ttl) {
    return new Entry(value.copy(), versions.incrementAndGet(), clock.instant().plus(ttl));
  }

  private boolean isAlive(Entry entry) {
    return clock.instant().isBefore(entry.dies());
  }

  private record Entry(Buffer value, long version, Instant dies) {}
}
