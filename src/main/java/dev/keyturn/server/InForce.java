package dev.keyturn.server;

import dev.keyturn.keys.KeysNow;
import dev.keyturn.token.Lifespans;
import java.time.Duration;

/**
 * What the server goes by at one moment: a configuration and the keys that are at work. It never
 * changes; a change is another one.
 *
 * @param number counts the changes of this process, from 1
 * @param longestAccessToken the longest life that an access token may have had that is still about
 */
record InForce(long number, RunConfig config, KeysNow keys, Duration longestAccessToken) {
  /** What is in force at the start. */
  static InForce first(RunConfig config, KeysNow keys) {
    return new InForce(1, config, keys, lifespans(config).accessToken());
  }

  /** What comes after this. */
  InForce followedBy(RunConfig next, KeysNow keys) {
    var longest = lifespans(next).accessToken();
    return new InForce(
        number + 1,
        next,
        keys,
        longest.compareTo(longestAccessToken) > 0 ? longest : longestAccessToken);
  }

  private static Lifespans lifespans(RunConfig config) {
    return config.granting().lifespans();
  }
}
