package dev.keyturn.store.file;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Goes through all entries again and again, a few at a time, and removes the dead and the damaged.
 *
 * <p>A step is bounded, so that nobody waits for it. A key that is out of its order, or not found
 * where it lies, means that the tree itself is damaged.
 */
final class Sweep {
  static final Duration PAUSE = Duration.ofMinutes(1);

  private static final int ENTRIES = 256;

  private final Clock clock;
  private Optional<String> last = Optional.empty();
  private Instant finished;

  Sweep(Clock clock) {
    this.clock = clock;
    this.finished = clock.instant();
  }

  /** Whether a round is under way, or the pause after the last one is over. */
  boolean isDue() {
    return last.isPresent()
        || Duration.between(finished, clock.instant()).abs().compareTo(PAUSE) >= 0;
  }

  /** Begins again at the first entry. */
  void restart() {
    last = Optional.empty();
  }

  /** Looks at the next few. */
  void step(Entries entries) {
    var over = new LinkedHashMap<String, byte[]>();
    var reader = entries.file().store().registerVersionUsage();
    try {
      last = collect(entries, over);
    } finally {
      entries.file().store().deregisterVersionUsage(reader);
    }
    over.forEach(entries::removeOver);
    if (last.isEmpty()) {
      finished = clock.instant();
    }
  }

  /** The last key that was looked at; nothing at the end of a round. */
  private Optional<String> collect(Entries entries, Map<String, byte[]> over) {
    var cursor = entries.file().entries().cursor(last.orElse(null));
    var previous = last;
    for (int looked = 0; cursor.hasNext(); looked++) {
      var key = cursor.next();
      if (previous.filter(before -> key.compareTo(before) < 0).isPresent()
          || !entries.file().entries().containsKey(key)) {
        throw Failure.disorder();
      }
      if (looked == ENTRIES) {
        return previous;
      }
      if (entries.isOver(key, cursor.getValue())) {
        over.put(key, cursor.getValue());
      }
      previous = Optional.of(key);
    }
    return Optional.empty();
  }
}
