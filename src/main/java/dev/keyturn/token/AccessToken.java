package dev.keyturn.token;

import dev.keyturn.oauth.Scopes;
import java.time.Instant;
import java.util.List;

/**
 * The claims of an access token that was verified.
 *
 * @param id the {@code jti}
 * @param sessionId the {@code sid}: the session that the token belongs to
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9068#section-2.2">RFC 9068, section 2.2</a>
 */
public record AccessToken(
    String id,
    String subject,
    String clientId,
    String sessionId,
    List<String> audience,
    Scopes scopes,
    Instant issuedAt,
    Instant expiresAt) {
  public AccessToken {
    audience = List.copyOf(audience);
  }
}
