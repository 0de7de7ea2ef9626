package dev.keyturn.authorize;

import dev.keyturn.http.Parameters;
import io.vertx.core.json.JsonObject;

/**
 * An authorization request that a client has handed in itself.
 *
 * <p>What is kept are the parameters as they came: the rules are asked again when the person
 * arrives, for by then the client or the configuration may be another one.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126#section-4">RFC 9126, section 4</a>
 */
record PushedRequest(String clientId, Parameters parameters) {
  /** Without what proves the client, such as {@code client_secret}, which nobody needs again. */
  static PushedRequest of(String clientId, Parameters sent) {
    return new PushedRequest(clientId, sent.without(name -> name.startsWith("client_")));
  }

  JsonObject toJson() {
    return new JsonObject().put("client", clientId).put("parameters", parameters.toJson());
  }

  static PushedRequest fromJson(JsonObject json) {
    return new PushedRequest(
        json.getString("client"), Parameters.fromJson(json.getJsonObject("parameters")));
  }
}
