package dev.keyturn.operator.reconcile;

import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Looks whether everything is watched, and since when it is not.
 *
 * <p>An informer tries again for ever, which is right while an API server is away. It does so as
 * well when a right or a definition is missing, and then the one that leads does nothing and says
 * nothing.
 */
final class Eyes {
  /** Longer than a watch is away in the usual course of things, and than a first list takes. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Supplier<List<String>> behind;
  private final LongSupplier nanos;
  private volatile long saw;
  private volatile boolean listed;

  /**
   * @param behind what is not watched now
   * @param nanos a clock that is never set
   */
  Eyes(Supplier<List<String>> behind, LongSupplier nanos) {
    this.behind = behind;
    this.nanos = nanos;
    this.saw = nanos.getAsLong();
  }

  /** Everything has been listed. */
  void listed() {
    listed = true;
  }

  /** Looks; to be called now and then. */
  void look() {
    if (listed && behind.get().isEmpty()) {
      saw = nanos.getAsLong();
    }
  }

  Sight sight(String identity) {
    look();
    var isBlind = nanos.getAsLong() - saw > PATIENCE.toNanos();
    return new Sight(identity, true, listed, behind.get(), isBlind);
  }
}
