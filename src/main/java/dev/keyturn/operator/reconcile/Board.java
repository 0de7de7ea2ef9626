package dev.keyturn.operator.reconcile;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What runs for each config, as of the last look at it. */
final class Board {
  private final Map<Key, Outcome> outcomes = new ConcurrentHashMap<>();

  Outcome of(String namespace, String config) {
    return outcomes.getOrDefault(Key.config(namespace, config), Outcome.NOTHING);
  }

  /** Whether anybody has looked at the config yet. */
  boolean knows(String namespace, String config) {
    return outcomes.containsKey(Key.config(namespace, config));
  }

  /** Takes it down; tells whether it is another one than before. */
  boolean note(String namespace, String config, Outcome outcome) {
    return !outcome.equals(outcomes.put(Key.config(namespace, config), outcome));
  }

  void forget(String namespace, String config) {
    outcomes.remove(Key.config(namespace, config));
  }
}
