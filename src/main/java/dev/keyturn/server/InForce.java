package dev.keyturn.server;

import dev.keyturn.keys.KeysNow;
import dev.keyturn.token.Lifespans;
import java.time.Duration;

/**
 * What the server goes by at one moment: a configuration and the keys that are at work. It never
 * changes; a change is another one.
 *
 * @param generation counts the configurations and files of this process, from 1; what keys become
 *     by time alone is no new one
 * @param longestDenial how long denials are kept, the longest of every configuration so far
 */
record InForce(long generation, RunConfig config, KeysNow keys, Duration longestDenial) {
  /** What is in force at the start. */
  static InForce first(RunConfig config, KeysNow keys) {
    return new InForce(1, config, keys, lifespans(config).denial());
  }

  /** The same with the keys of another moment. */
  InForce with(KeysNow next) {
    return new InForce(generation, config, next, longestDenial);
  }

  /** What comes after this. */
  InForce followedBy(RunConfig next, KeysNow keys) {
    var longest = lifespans(next).denial();
    return new InForce(
        generation + 1, next, keys, longest.compareTo(longestDenial) > 0 ? longest : longestDenial);
  }

  private static Lifespans lifespans(RunConfig config) {
    return config.granting().lifespans();
  }
}
