package dev.keyturn.vault;

import dev.keyturn.oauth.Scopes;
import java.time.Instant;
import java.util.Optional;

/**
 * An upstream access token that is good now.
 *
 * @param expiresAt when it ends, if the provider said; ask again then instead of keeping it
 * @param scopes what the provider has granted
 */
public record UsableToken(String value, Optional<Instant> expiresAt, Scopes scopes) {
  /** Shows nothing of the token. */
  @Override
  public String toString() {
    return "UsableToken[hidden]";
  }
}
