package dev.keyturn.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What refreshes have brought and the store did not take.
 *
 * <p>By answering, a provider may have spent the refresh token, so nothing that came of it is
 * thrown away: it is kept in memory and written before anything else happens to the entry.
 */
final class Unsettled {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration KEEP = Duration.ofHours(24);
  private static final int MAX = 10_000;

  private final VaultEntries entries;
  private final Clock clock;
  private final Cache<VaultKey, Change> changes =
      Caffeine.newBuilder().maximumSize(MAX).expireAfterWrite(KEEP).build();

  Unsettled(VaultEntries entries, Clock clock) {
    this.entries = entries;
    this.clock = clock;
  }

  /** The entry, after everything was written that is known of it here. */
  Future<Optional<Versioned<VaultEntry>>> read(VaultKey key) {
    return settle(key).compose(settled -> entries.read(key));
  }

  /** Writes what the store did not take before. */
  Future<Void> settle(VaultKey key) {
    var waiting = changes.getIfPresent(key);
    return waiting == null ? Future.succeededFuture() : write(key, waiting).mapEmpty();
  }

  /** Tries that, now and then, for somebody who does not wait for it. */
  void retry(VaultKey key) {
    var waiting = changes.getIfPresent(key);
    if (waiting != null && !clock.instant().isBefore(waiting.tried.plus(RETRY))) {
      var again = new Change(waiting.view, waiting.change, clock.instant());
      if (changes.asMap().replace(key, waiting, again)) {
        write(key, again);
      }
    }
  }

  /** Tries that for a few of those that wait. */
  void retrySome(int most) {
    List.copyOf(changes.asMap().keySet()).stream().limit(most).forEach(this::retry);
  }

  /**
   * Changes the entry, or keeps the change in mind. What is answered is the entry as it is then, or
   * as it would be; empty where it was removed.
   *
   * @param seen the entry before the change, as far as is known here
   */
  Future<Optional<VaultEntry>> change(
      VaultKey key, VaultEntry seen, UnaryOperator<VaultEntry> change) {
    var before = changes.getIfPresent(key);
    var whole =
        new Change(
            change.apply(seen),
            before == null ? change : now -> change.apply(before.change.apply(now)),
            clock.instant());
    return write(key, whole)
        .onSuccess(
            written -> {
              if (before != null) {
                changes.asMap().remove(key, before);
              }
            })
        .otherwise(
            away -> {
              changes.put(key, whole);
              return Optional.of(whole.view);
            });
  }

  /** Forgets what was to be written. */
  void drop(VaultKey key) {
    changes.invalidate(key);
  }

  /** How an entry would look that could not be written. */
  Optional<VaultEntry> view(VaultKey key) {
    return Optional.ofNullable(changes.getIfPresent(key)).map(Change::view);
  }

  private Future<Optional<VaultEntry>> write(VaultKey key, Change waiting) {
    return entries
        .change(key, now -> now.map(waiting.change))
        .onSuccess(written -> changes.asMap().remove(key, waiting));
  }

  /**
   * @param view the entry with it, as far as is known here
   * @param tried when it was last tried to write it
   */
  private record Change(VaultEntry view, UnaryOperator<VaultEntry> change, Instant tried) {}
}
