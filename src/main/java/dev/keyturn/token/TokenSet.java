package dev.keyturn.token;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;

/**
 * What the token endpoint hands out.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-5.1">RFC 6749, section 5.1</a>
 */
public record TokenSet(
    String accessToken,
    Duration expiresIn,
    Scopes scopes,
    Optional<String> refreshToken,
    Optional<String> idToken) {
  /** The body of the answer; what is absent is left out. */
  public JsonObject toJson() {
    var json =
        new JsonObject()
            .put("access_token", accessToken)
            .put("token_type", "Bearer")
            .put("expires_in", expiresIn.toSeconds());
    if (!scopes.isEmpty()) {
      json.put("scope", scopes.wire());
    }
    refreshToken.ifPresent(value -> json.put("refresh_token", value));
    idToken.ifPresent(value -> json.put("id_token", value));
    return json;
  }

  /** Shows no token. */
  @Override
  public String toString() {
    return "TokenSet[hidden]";
  }
}
