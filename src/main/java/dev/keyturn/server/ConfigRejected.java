package dev.keyturn.server;

import java.time.Instant;
import java.util.List;

/**
 * A configuration or a set of files was refused; what was in force goes on.
 *
 * @param reasons each names a setting, and a file where there is one; never any content
 */
public record ConfigRejected(Instant at, List<String> reasons) {
  public ConfigRejected {
    reasons = List.copyOf(reasons);
  }
}
