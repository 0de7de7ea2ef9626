package dev.keyturn.vault;

import java.time.Instant;
import java.util.Optional;

/**
 * An upstream access token that is good now.
 *
 * @param expiresAt when it ends, if the provider said; ask again then instead of keeping it
 */
public record UsableToken(String value, Optional<Instant> expiresAt) {
  /** Shows nothing of the token. */
  @Override
  public String toString() {
    return "UsableToken[hidden]";
  }
}
