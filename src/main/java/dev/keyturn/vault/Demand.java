package dev.keyturn.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * Which entry is good enough for somebody.
 *
 * @param met whether this one is
 * @param patient whether to wait for another's refresh although the old token still lives
 */
record Demand(Predicate<VaultEntry> met, boolean patient) {
  /** One whose token lives a while. */
  static Demand usual(Instant now) {
    return new Demand(entry -> !entry.isDue(now), false);
  }

  /** One whose token lives for more than {@code time}, for nobody who waits. */
  static Demand ahead(Instant now, Duration time) {
    return new Demand(entry -> !entry.isDue(now, time), false);
  }

  /** One with another token than the one that was refused. */
  static Demand insteadOf(String refused) {
    return new Demand(entry -> !entry.tokens().accessToken().equals(refused), true);
  }

  /** One of which the provider has spoken since {@code then}. */
  static Demand since(Instant then) {
    return new Demand(entry -> entry.state().obtained().isAfter(then), true);
  }
}
