package dev.keyturn.keys;

import com.nimbusds.jose.JOSEException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether an operation is cheap enough for an event loop, by doing it a few times.
 *
 * @param nanos a clock that only tells differences
 */
record Stopwatch(LongSupplier nanos) {
  private static final long CHEAP = Duration.ofNanos(200_000).toNanos();
  private static final long PATIENCE = Duration.ofMillis(40).toNanos();
  private static final int ROUNDS = 50;
  private static final int LEAST_ROUNDS = 3;

  /** Judges by the least cost: once compiled, undisturbed by the rest of the machine. */
  boolean isCheap(Operation operation) throws JOSEException {
    var least = Long.MAX_VALUE;
    var spent = 0L;
    for (var round = 0; round < ROUNDS && (spent < PATIENCE || round < LEAST_ROUNDS); round++) {
      var start = nanos.getAsLong();
      operation.run();
      var cost = nanos.getAsLong() - start;
      least = Math.min(least, cost);
      spent += cost;
    }
    return least <= CHEAP;
  }

  @FunctionalInterface
  interface Operation {
    Object run() throws JOSEException;
  }
}
