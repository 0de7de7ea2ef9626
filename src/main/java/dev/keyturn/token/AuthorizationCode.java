package dev.keyturn.token;

import dev.keyturn.oauth.PkceChallenge;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What an authorization code stands for.
 *
 * @param redirectUri where it was sent, as the client spelled it
 * @param nonce for the ID token
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
 */
public record AuthorizationCode(
    Authorization authorization,
    String redirectUri,
    PkceChallenge challenge,
    Optional<String> nonce) {
  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("authorization", authorization.toJson())
            .put("redirect_uri", redirectUri)
            .put("challenge", challenge.value());
    nonce.ifPresent(value -> json.put("nonce", value));
    return json;
  }

  static AuthorizationCode fromJson(JsonObject json) {
    return new AuthorizationCode(
        Authorization.fromJson(json.getJsonObject("authorization")),
        json.getString("redirect_uri"),
        new PkceChallenge(json.getString("challenge")),
        Optional.ofNullable(json.getString("nonce")));
  }
}
