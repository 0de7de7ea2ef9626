package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.LoginTerms;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A login that was sent to an identity provider and has not come back yet.
 *
 * @param linking who has logged in before, if this login is to link a further account
 * @param upstream where it was sent, which alone may answer it
 * @param browser the hash of the flow cookie of the browser that may finish it
 * @param nonce ours, for the provider's ID token
 * @param verifier ours, for the provider's code
 * @param terms what the login was begun with at the provider, which may be another one by now
 */
record PendingAuthorization(
    Purpose purpose,
    Optional<Linking> linking,
    String upstream,
    String browser,
    String nonce,
    String verifier,
    LoginTerms terms) {
  boolean belongsTo(String flowCookie) {
    return Digest.same(browser, Digest.of(flowCookie));
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("purpose", purpose.toJson())
            .put("upstream", upstream)
            .put("browser", browser)
            .put("nonce", nonce)
            .put("verifier", verifier)
            .put("terms", toJson(terms));
    linking.ifPresent(under -> json.put("linking", under.toJson()));
    return json;
  }

  static PendingAuthorization fromJson(JsonObject json) {
    return new PendingAuthorization(
        Purpose.fromJson(json.getJsonObject("purpose")),
        Optional.ofNullable(json.getJsonObject("linking")).map(Linking::fromJson),
        json.getString("upstream"),
        json.getString("browser"),
        json.getString("nonce"),
        json.getString("verifier"),
        terms(json.getJsonObject("terms")));
  }

  private static JsonObject toJson(LoginTerms terms) {
    return new JsonObject()
        .put("issuer", terms.issuer())
        .put("client_id", terms.clientId())
        .put("redirect_uri", terms.redirectUri())
        .put("scope", terms.scopes().wire());
  }

  private static LoginTerms terms(JsonObject json) {
    return new LoginTerms(
        json.getString("issuer"),
        json.getString("client_id"),
        json.getString("redirect_uri"),
        Scopes.parse(json.getString("scope")));
  }

  /** Hides what proves that the login is ours. */
  @Override
  public String toString() {
    return "PendingAuthorization["
        + upstream
        + purpose.request().map(asked -> " " + asked.clientId()).orElse("")
        + "]";
  }
}
