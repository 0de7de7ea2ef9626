package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Collectors;

/** The spelling of upstreams by name, with the scopes that are used there. */
final class UpstreamScopes {
  private UpstreamScopes() {}

  static JsonObject toJson(Map<String, Scopes> upstreams) {
    var json = new JsonObject();
    upstreams.forEach((name, scopes) -> json.put(name, scopes.wire()));
    return json;
  }

  static Map<String, Scopes> fromJson(JsonObject json) {
    return json.fieldNames().stream()
        .collect(Collectors.toMap(name -> name, name -> Scopes.parse(json.getString(name))));
  }
}
