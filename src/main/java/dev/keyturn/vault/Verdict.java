package dev.keyturn.vault;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of the wish for a newer entry.
 *
 * @param retryAfter when trying again is likely to help
 */
record Verdict(Kind kind, Optional<VaultEntry> entry, Duration retryAfter) {
  /** The kinds, by what becomes of the old access token. */
  enum Kind {
    /** There is an entry that will do. */
    FRESH,
    /** The person must log in again, whatever the old token is. */
    DEAD,
    /** Nothing newer can be had: the old token goes on while it lives. */
    ENDING,
    /** Nothing newer can be had now. */
    AWAY,
    /** The provider answers without meaning. */
    UNUSABLE
  }

  static Verdict fresh(VaultEntry entry) {
    return new Verdict(Kind.FRESH, Optional.of(entry), Duration.ZERO);
  }

  static Verdict dead() {
    return new Verdict(Kind.DEAD, Optional.empty(), Duration.ZERO);
  }

  static Verdict ending() {
    return new Verdict(Kind.ENDING, Optional.empty(), Duration.ZERO);
  }

  static Verdict away(Duration retryAfter) {
    return new Verdict(Kind.AWAY, Optional.empty(), retryAfter);
  }

  static Verdict unusable(Duration retryAfter) {
    return new Verdict(Kind.UNUSABLE, Optional.empty(), retryAfter);
  }

  boolean is(Kind other) {
    return kind == other;
  }
}
