package dev.keyturn.token;

import dev.keyturn.oauth.PkceChallenge;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What an authorization code stands for.
 *
 * @param redirectUri where it was sent, as the client spelled it
 * @param challenge empty only for a client that proves itself by a secret and may leave it out
 * @param nonce for the ID token
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.2">RFC 6749, section 4.1.2</a>
 */
public record AuthorizationCode(
    Authorization authorization,
    String redirectUri,
    Optional<PkceChallenge> challenge,
    Optional<String> nonce) {
  /**
   * Whether {@code verifier} proves what the client committed to; empty for none.
   *
   * <p>A verifier without a challenge proves nothing but that somebody took the challenge away.
   */
  public boolean isProvenBy(String verifier) {
    return isProven(challenge, verifier);
  }

  static boolean isProven(Optional<PkceChallenge> challenge, String verifier) {
    return challenge.map(given -> given.isProvenBy(verifier)).orElse(verifier.isEmpty());
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("authorization", authorization.toJson())
            .put("redirect_uri", redirectUri);
    challenge.ifPresent(given -> json.put("challenge", given.value()));
    nonce.ifPresent(value -> json.put("nonce", value));
    return json;
  }

  static AuthorizationCode fromJson(JsonObject json) {
    return new AuthorizationCode(
        Authorization.fromJson(json.getJsonObject("authorization")),
        json.getString("redirect_uri"),
        Optional.ofNullable(json.getString("challenge")).map(PkceChallenge::new),
        Optional.ofNullable(json.getString("nonce")));
  }
}
