package dev.keyturn.keys;

import java.time.Duration;

/**
 * How long things take that the life of keys has to wait for.
 *
 * @param publishBeforeUse how long a signing key is published before it signs
 * @param propagation the longest time between two replicas seeing the same change, the difference
 *     of their clocks included
 * @param longestToken the longest life of a signed token
 * @param longestOpaque the longest life of what the other secrets authenticate or seal
 */
public record Timing(
    Duration publishBeforeUse,
    Duration propagation,
    Duration longestToken,
    Duration longestOpaque) {
  Pace of(Purpose purpose) {
    return purpose == Purpose.SIGNING
        ? new Pace(publishBeforeUse, propagation, longestToken)
        : new Pace(propagation, propagation, longestOpaque);
  }

  /**
   * The times of one purpose.
   *
   * @param delay between a key being seen first and its first use
   * @param leeway what replicas may differ by
   * @param life of what the keys make
   */
  record Pace(Duration delay, Duration leeway, Duration life) {}
}
