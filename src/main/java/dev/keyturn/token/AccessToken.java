package dev.keyturn.token;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
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

  /** The claims under their registered names, times in seconds. */
  public JsonObject toJson() {
    return new JsonObject()
        .put("jti", id)
        .put("sub", subject)
        .put("client_id", clientId)
        .put("sid", sessionId)
        .put("aud", new JsonArray(audience))
        .put("scope", scopes.wire())
        .put("iat", issuedAt.getEpochSecond())
        .put("exp", expiresAt.getEpochSecond());
  }

  /** Reads what {@link #toJson} wrote. */
  public static AccessToken fromJson(JsonObject json) {
    return new AccessToken(
        json.getString("jti"),
        json.getString("sub"),
        json.getString("client_id"),
        json.getString("sid"),
        Authorization.strings(json.getJsonArray("aud")),
        Scopes.parse(json.getString("scope")),
        Instant.ofEpochSecond(json.getLong("iat")),
        Instant.ofEpochSecond(json.getLong("exp")));
  }
}
