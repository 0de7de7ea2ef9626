package dev.keyturn.authorize;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What a login is for.
 *
 * @param request what a client asked for; empty where a person came without one
 * @param approval why the login could begin; empty with {@code request}
 * @param link the upstream that a person without a client wants to link afterwards
 */
record Purpose(
    Optional<AuthorizationRequest> request, Optional<Approval> approval, Optional<String> link) {
  /** The account page. */
  static final Purpose ACCOUNT = new Purpose(Optional.empty(), Optional.empty(), Optional.empty());

  static Purpose of(AuthorizationRequest request, Approval approval) {
    return new Purpose(Optional.of(request), Optional.of(approval), Optional.empty());
  }

  /** To link an account, where no client waits. */
  static Purpose linking(String upstream) {
    return new Purpose(Optional.empty(), Optional.empty(), Optional.of(upstream));
  }

  JsonObject toJson() {
    var json = new JsonObject();
    request.ifPresent(asked -> json.put("request", asked.toJson()));
    approval.ifPresent(given -> json.put("approval", given.toJson()));
    link.ifPresent(upstream -> json.put("link", upstream));
    return json;
  }

  static Purpose fromJson(JsonObject json) {
    return new Purpose(
        Optional.ofNullable(json.getJsonObject("request")).map(AuthorizationRequest::fromJson),
        Optional.ofNullable(json.getJsonObject("approval")).map(Approval::fromJson),
        Optional.ofNullable(json.getString("link")));
  }
}
