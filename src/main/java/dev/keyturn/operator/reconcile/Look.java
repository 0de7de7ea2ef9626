package dev.keyturn.operator.reconcile;

import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What follows from a look at a resource.
 *
 * @param waits whether it waits for something that nobody announces: look again, less and less
 *     often
 * @param again when to look again at the latest
 * @param others what is to be looked at because of it
 */
record Look(boolean waits, Optional<Duration> again, Set<Key> others) {
  static final Look DONE = new Look(false, Optional.empty(), Set.of());

  Look {
    others = Set.copyOf(others);
  }

  /** The same, because of which more is to be looked at. */
  Look with(Set<Key> more) {
    var all = new HashSet<>(others);
    all.addAll(more);
    return new Look(waits, again, all);
  }
}
