package dev.keyturn.keys;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What one replica lists of one purpose, as the ring is told: names and public halves only.
 *
 * @param keys the one that is to be used first
 * @param before what the same process listed until now; empty when it has just started
 * @param present the names of all that this process could use, listed or remembered
 */
record Listing(List<Listed> keys, Optional<List<Listed>> before, Set<String> present) {
  Listing {
    keys = List.copyOf(keys);
    present = Set.copyOf(present);
  }

  /**
   * Whether this process was just told to use another first key. A replica that has not seen a
   * change yet lists another one too, but it has nothing new to say.
   */
  boolean isNews() {
    return before.filter(old -> !first(old).equals(first(keys))).isPresent();
  }

  /** Whether this process lists anything now that it did not list just so. */
  boolean isChanged() {
    return !before.equals(Optional.of(keys));
  }

  /** What this process has just ceased to list. */
  Set<String> dropped() {
    return before.orElse(List.of()).stream()
        .map(Listed::id)
        .filter(id -> keys.stream().noneMatch(key -> key.id().equals(id)))
        .collect(Collectors.toSet());
  }

  boolean areAllIn(Set<String> ids) {
    return !keys.isEmpty() && keys.stream().allMatch(key -> ids.contains(key.id()));
  }

  /** The same, of which some must not be used. */
  Listing without(Set<String> revoked) {
    return new Listing(
        keys.stream().filter(key -> !revoked.contains(key.id())).toList(),
        before,
        present.stream().filter(id -> !revoked.contains(id)).collect(Collectors.toSet()));
  }

  private static Optional<String> first(List<Listed> keys) {
    return keys.stream().findFirst().map(Listed::id);
  }

  /**
   * One entry.
   *
   * @param half the public half of a signing key
   */
  record Listed(String id, Optional<VerificationKey> half) {}
}
