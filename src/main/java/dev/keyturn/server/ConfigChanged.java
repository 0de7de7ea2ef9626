package dev.keyturn.server;

import java.time.Instant;
import java.util.List;

/**
 * Another configuration, or other keys, are in force.
 *
 * @param generation counts the configurations of this process; the same number again means that
 *     keys have changed by time
 * @param pendingRestart the settings that were changed and wait for a restart
 */
public record ConfigChanged(long generation, Instant at, List<String> pendingRestart) {
  public ConfigChanged {
    pendingRestart = List.copyOf(pendingRestart);
  }
}
