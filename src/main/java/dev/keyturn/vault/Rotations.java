package dev.keyturn.vault;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which providers give refresh tokens that are good for one time.
 *
 * <p>The configuration says so, or an answer has shown it here or for the entry. Of whom nothing is
 * known it is believed: a second redemption would end the login, and with some providers all of the
 * person's logins.
 */
final class Rotations {
  private final Map<String, Boolean> seen = new ConcurrentHashMap<>();

  boolean isOnce(String upstream, Optional<Boolean> configured, VaultEntry entry) {
    return configured.orElseGet(
        () -> {
          var here = Optional.ofNullable(seen.get(upstream));
          var there = entry.state().rotates();
          var unknown = here.isEmpty() && there.isEmpty();
          return unknown || here.orElse(false) || there.orElse(false);
        });
  }

  /** Notes what an answer has shown. */
  void learn(String upstream, VaultEntry entry) {
    entry.state().rotates().ifPresent(once -> seen.merge(upstream, once, Boolean::logicalOr));
  }
}
