package dev.keyturn.operator.admission;

import java.time.Duration;

/** The moment at which an answer is due, on the clock that nobody sets. */
record Deadline(long nanos) {
  private static final Duration MOMENT = Duration.ofMillis(1);

  static Deadline in(Duration patience) {
    return new Deadline(System.nanoTime() + patience.toNanos());
  }

  /** How long there is still, at least a moment. */
  Duration left() {
    return leftBefore(Duration.ZERO);
  }

  /** How long there is still for who must be done that much earlier. */
  Duration leftBefore(Duration earlier) {
    return Duration.ofNanos(
        Math.max(MOMENT.toNanos(), nanos - System.nanoTime() - earlier.toNanos()));
  }
}
