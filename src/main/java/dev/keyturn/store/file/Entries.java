package dev.keyturn.store.file;

import dev.keyturn.oauth.UnavailableException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The entries of the file that is open now, as its writer and its readers see them.
 *
 * <p>The writer sees what it has just written. A reader sees what is durable: were it shown a
 * rotation that a crash then undoes, it would hand out a token that nobody knows afterwards.
 */
final class Entries {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration WAIT = Duration.ofMillis(5);
  private static final Pattern KIND = Pattern.compile("[a-z0-9-]{1,32}");
  private static final int MOST_SUSPECTS = 1000;

  private final Clock clock;
  private final int capacity;
  private final Consumer<String> damage;

  /** What was durable where something newer is written and not yet flushed. */
  private final Map<String, Optional<Entry>> before = new ConcurrentHashMap<>();

  private final Set<String> suspects = ConcurrentHashMap.newKeySet();
  private volatile DataFile file;

  /**
   * @param capacity the most entries held at once
   * @param damage is told the kind of each entry that was lost by damage to the file
   */
  Entries(DataFile file, Clock clock, int capacity, Consumer<String> damage) {
    this.file = file;
    this.clock = clock;
    this.capacity = capacity;
    this.damage = damage;
  }

  /** For a reader: what is durable and alive. Waits a moment while the file is opened again. */
  Optional<Entry> read(String key) {
    var deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      var open = file;
      try {
        var durable = durable(open, key);
        if (durable.isPresent()) {
          return durable.get().filter(entry -> entry.isAliveAt(clock.instant()));
        }
      } catch (MVStoreException e) {
        if (Failure.isDamage(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        awaitNextAfter(open);
      }
    }
  }

  /** The durable entry, which may be absent; nothing at all if it was written meanwhile. */
  private Optional<Optional<Entry>> durable(DataFile open, String key) {
    var known = before.get(key);
    if (known == null) {
      var bytes = open.read(key);
      known = before.get(key);
      // Cleared after a flush, or after this file was given up together with what we have read.
      if (known == null && open == file) {
        known = bytes.flatMap(found -> Entry.decode(key, found));
        noteIf(bytes.isPresent() && known.isEmpty(), key);
      }
    }
    return Optional.ofNullable(known);
  }

  private void awaitNextAfter(DataFile open) {
    if (file == open) {
      LockSupport.parkNanos(this, WAIT.toNanos());
    }
  }

  /** For the writer: what is there and alive, flushed or not. */
  Optional<Entry> alive(String key) {
    var bytes = file.read(key);
    var entry = bytes.flatMap(found -> Entry.decode(key, found));
    if (bytes.isPresent() && entry.isEmpty()) {
      removeDamaged(key);
    }
    return entry.filter(found -> found.isAliveAt(clock.instant()));
  }

  void write(String key, Decision.Write next) {
    var old = file.read(key);
    if (old.isEmpty() && file.entries().sizeAsLong() >= capacity) {
      throw new UnavailableException("the file store is full", RETRY);
    }
    remember(key, old);
    file.write(key, new Entry(next.value(), file.nextVersion(), next.dies()).encode(key));
  }

  void remove(String key) {
    remember(key, file.read(key));
    file.remove(key);
  }

  /**
   * Everything written since the last time is durable when this returns; tells if there was any.
   */
  boolean commit() {
    var any = file.commit();
    before.clear();
    return any;
  }

  /** Goes on with another file; what was not flushed is as if it had not happened. */
  void continueWith(DataFile next) {
    file = next;
    before.clear();
  }

  DataFile file() {
    return file;
  }

  /** Removes what readers found to be damaged. */
  void removeSuspects() {
    for (var key : List.copyOf(suspects)) {
      suspects.remove(key);
      alive(key);
    }
  }

  /** Whether an entry of the file is dead by now, or damaged, so that it must go. */
  boolean isOver(String key, byte[] bytes) {
    return Entry.decode(key, bytes).filter(entry -> entry.isAliveAt(clock.instant())).isEmpty();
  }

  /** Removes an entry that is over. */
  void removeOver(String key, byte[] bytes) {
    remember(key, Optional.of(bytes));
    if (!file.remove(key)) {
      throw Failure.disorder(); // It was met on the way, and is not found where it belongs.
    }
    if (Entry.decode(key, bytes).isEmpty()) {
      tellDamage(key);
    }
  }

  /** Says that something was lost, by its kind alone. */
  void tellDamage(String key) {
    var kind = key.split("/", 2)[0];
    var told = KIND.matcher(kind).matches() ? kind : "unknown";
    LOG.atError()
        .setMessage("an entry of the store is damaged and counts as absent")
        .addKeyValue("kind", told)
        .log();
    damage.accept(told);
  }

  private void removeDamaged(String key) {
    remove(key);
    tellDamage(key);
  }

  private void remember(String key, Optional<byte[]> old) {
    before.putIfAbsent(key, old.flatMap(bytes -> Entry.decode(key, bytes)));
  }

  private void noteIf(boolean suspect, String key) {
    if (suspect && suspects.size() < MOST_SUSPECTS) {
      suspects.add(key);
    }
  }
}
