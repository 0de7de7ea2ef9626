package dev.keyturn.idp;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Values in memory under unguessable keys, each for a limited time.
 *
 * <p>A full shelf drops its oldest value, so that nobody who may only ask can fill the memory.
 */
final class Shelf<T> {
  private static final int CAPACITY = 10_000;

  private final Clock clock;
  private final Duration life;
  private final LinkedHashMap<String, Entry<T>> entries = new LinkedHashMap<>();

  Shelf(Clock clock, Duration life) {
    this.clock = clock;
    this.life = life;
  }

  /** Tells when the value will be forgotten. */
  synchronized Instant put(String key, T value) {
    var until = clock.instant().plus(life);
    entries.put(key, new Entry<>(value, until));
    if (entries.size() > CAPACITY) {
      entries.remove(entries.keySet().iterator().next());
    }
    return until;
  }

  synchronized Optional<Entry<T>> find(String key) {
    return Optional.ofNullable(entries.get(key)).filter(this::isLive);
  }

  /** Reads and forgets: of two concurrent calls at most one is given the value. */
  synchronized Optional<T> take(String key) {
    return Optional.ofNullable(entries.remove(key)).filter(this::isLive).map(Entry::value);
  }

  /** Forgets some of them. */
  synchronized void drop(Predicate<T> unwanted) {
    entries.values().removeIf(entry -> unwanted.test(entry.value()));
  }

  private boolean isLive(Entry<T> entry) {
    return clock.instant().isBefore(entry.until());
  }

  record Entry<T>(T value, Instant until) {}
}
