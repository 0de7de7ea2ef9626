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
 * @param longestAccessToken the longest life that an access token may have had that is still about
 */
record InForce(long generation, RunConfig config, KeysNow keys, Duration longestAccessToken) {
  /** What is in force at the start. */
  static InForce first(RunConfig config, KeysNow keys) {
    return new InForce(1, config, keys, lifespans(config).accessToken());
  }

  /** The same with the keys of another moment. */
  InForce with(KeysNow next) {
    return new InForce(generation, config, next, longestAccessToken);
  }

  /** What comes after this. */
  InForce followedBy(RunConfig next, KeysNow keys) {
    var longest = lifespans(next).accessToken();
    return new InForce(
        generation + 1,
        next,
        keys,
        longest.compareTo(longestAccessToken) > 0 ? longest : longestAccessToken);
  }

  private static Lifespans lifespans(RunConfig config) {
    return config.granting().lifespans();
  }
}
