package dev.keyturn.server;

import java.time.Instant;
import java.util.List;

/**
 * Another configuration, or other keys, are in force.
 *
 * @param number counts the changes of this process
 * @param pendingRestart the settings that were changed and wait for a restart
 */
public record ConfigChanged(long number, Instant at, List<String> pendingRestart) {
  public ConfigChanged {
    pendingRestart = List.copyOf(pendingRestart);
  }
}
