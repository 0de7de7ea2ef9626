package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import io.vertx.core.json.JsonObject;

/**
 * A login that was sent to the identity provider and has not come back yet.
 *
 * @param browser the hash of the flow cookie of the browser that may finish it
 * @param nonce ours, for the provider's ID token
 * @param verifier ours, for the provider's code
 */
record PendingAuthorization(
    AuthorizationRequest request, String browser, String nonce, String verifier) {
  boolean belongsTo(String flowCookie) {
    return Digest.same(browser, Digest.of(flowCookie));
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("request", request.toJson())
        .put("browser", browser)
        .put("nonce", nonce)
        .put("verifier", verifier);
  }

  static PendingAuthorization fromJson(JsonObject json) {
    return new PendingAuthorization(
        AuthorizationRequest.fromJson(json.getJsonObject("request")),
        json.getString("browser"),
        json.getString("nonce"),
        json.getString("verifier"));
  }

  /** Hides what proves that the login is ours. */
  @Override
  public String toString() {
    return "PendingAuthorization[" + request.clientId() + "]";
  }
}
