package dev.keyturn.secrets;

import dev.keyturn.config.Settings;
import java.time.Duration;
import java.util.Optional;

/**
 * How changes of the files are noticed: the mapping {@code secrets}.
 *
 * @param pollInterval how often all files are looked at
 * @param propagation the longest time between two replicas seeing the same change
 */
public record SecretsConfig(Duration pollInterval, Duration propagation) {
  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration PROPAGATION = Duration.ofMinutes(2);

  /** Reads the mapping. */
  public static Optional<SecretsConfig> from(Settings settings) {
    var poll =
        settings.duration("poll_interval", POLL, Duration.ofMillis(100), Duration.ofMinutes(5));
    var propagation =
        settings.duration("propagation", PROPAGATION, Duration.ofSeconds(1), Duration.ofHours(1));
    if (propagation.compareTo(poll) < 0) {
      settings.refuse(
          "propagation", "must not be shorter than poll_interval: nobody notices sooner than that");
    }
    return settings.build(() -> new SecretsConfig(poll, propagation));
  }
}
