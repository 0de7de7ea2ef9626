package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.LoginTerms;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A login that was sent to the identity provider and has not come back yet.
 *
 * @param request what a client asked for; empty where a person wants to see the account page
 * @param approval why the login could begin; empty with {@code request}
 * @param browser the hash of the flow cookie of the browser that may finish it
 * @param nonce ours, for the provider's ID token
 * @param verifier ours, for the provider's code
 * @param terms what the login was begun with at the provider, which may be another one by now
 */
record PendingAuthorization(
    Optional<AuthorizationRequest> request,
    Optional<Approval> approval,
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
            .put("browser", browser)
            .put("nonce", nonce)
            .put("verifier", verifier)
            .put("terms", toJson(terms));
    request.ifPresent(asked -> json.put("request", asked.toJson()));
    approval.ifPresent(given -> json.put("approval", given.toJson()));
    return json;
  }

  static PendingAuthorization fromJson(JsonObject json) {
    return new PendingAuthorization(
        Optional.ofNullable(json.getJsonObject("request")).map(AuthorizationRequest::fromJson),
        Optional.ofNullable(json.getJsonObject("approval")).map(Approval::fromJson),
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
    return "PendingAuthorization[" + request.map(AuthorizationRequest::clientId) + "]";
  }
}
