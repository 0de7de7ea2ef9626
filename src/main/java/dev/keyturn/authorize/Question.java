package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * What a consent page asks.
 *
 * @param scopes all that would be granted: what is asked for, and what was approved before
 * @param identity the upstream that the person logs in at
 * @param upstreams whose tokens would be used, with the scopes there
 * @param login names the finished login that waits for the answer; empty before the login
 */
record Question(
    AuthorizationRequest request,
    Scopes scopes,
    String identity,
    Map<String, Scopes> upstreams,
    Optional<String> login) {
  Question {
    upstreams = Map.copyOf(upstreams);
  }

  /** What is asked before anybody has logged in. */
  static Question before(
      AuthorizationRequest request, Scopes scopes, String identity, Map<String, Scopes> used) {
    return new Question(request, scopes, identity, used, Optional.empty());
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("request", request.toJson())
            .put("scope", scopes.wire())
            .put("identity", identity)
            .put("upstreams", UpstreamScopes.toJson(upstreams));
    login.ifPresent(value -> json.put("login", value));
    return json;
  }

  static Question fromJson(JsonObject json) {
    return new Question(
        AuthorizationRequest.fromJson(json.getJsonObject("request")),
        Scopes.parse(json.getString("scope")),
        json.getString("identity"),
        UpstreamScopes.fromJson(json.getJsonObject("upstreams")),
        Optional.ofNullable(json.getString("login")));
  }
}
