package dev.keyturn.upstream;

import dev.keyturn.upstream.EnrolmentNews.Outcome;
import java.time.Duration;
import java.util.Optional;

/** Why Keyturn is no client of a provider yet, in our own words. */
final class EnrolmentFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Outcome outcome;
  private final transient Optional<Duration> wait;

  private EnrolmentFailure(Outcome outcome, String reason, Optional<Duration> wait) {
    super(reason, null, false, false);
    this.outcome = outcome;
    this.wait = wait;
  }

  /** The provider said no, in a word that RFC 7591 has for it or in another one. */
  static EnrolmentFailure refused(String word) {
    return new EnrolmentFailure(
        Outcome.REFUSED, "it refused to register us: " + word, Optional.empty());
  }

  /** What the provider publishes or answers cannot be used. */
  static EnrolmentFailure unusable(String reason) {
    return new EnrolmentFailure(Outcome.UNUSABLE, reason, Optional.empty());
  }

  /** The provider is in trouble; it may say for how long. */
  static EnrolmentFailure away(String reason, Optional<Duration> wait) {
    return new EnrolmentFailure(Outcome.AWAY, reason, wait);
  }

  Outcome outcome() {
    return outcome;
  }

  /** How long the provider asks to wait. */
  Optional<Duration> askedToWait() {
    return wait;
  }
}
