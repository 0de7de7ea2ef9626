package dev.keyturn.keys;

import java.time.Duration;

/**
 * How long things take that the life of keys has to wait for.
 *
 * @param publishBeforeUse how long a signing key is published before it signs
 * @param propagation the longest time between two replicas seeing the same change, the difference
 *     of their clocks included
 * @param longestToken the longest life of a signed token
 * @param longestOpaque the longest life of what HMAC secrets authenticate and vault keys seal
 * @param longestForm the longest life of what cookie secrets authenticate
 */
public record Timing(
    Duration publishBeforeUse,
    Duration propagation,
    Duration longestToken,
    Duration longestOpaque,
    Duration longestForm) {
  Pace of(Purpose purpose) {
    return switch (purpose) {
      case SIGNING -> new Pace(publishBeforeUse, propagation, longestToken);
      case HMAC, VAULT -> new Pace(propagation, propagation, longestOpaque);
      case COOKIE -> new Pace(propagation, propagation, longestForm);
    };
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
