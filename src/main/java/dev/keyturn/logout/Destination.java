package dev.keyturn.logout;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a person is led after a logout.
 *
 * @param registered what the client has registered
 * @param state what the client is given back there; empty: nothing
 * @param vouched whether the operator vouches for the client
 */
record Destination(RedirectUri registered, Optional<String> state, boolean vouched) {
  private static final String URI = "uri";
  private static final String STATE = "state";
  private static final String VOUCHED = "vouched";

  static Destination of(Client client, String registered, Optional<String> state) {
    return new Destination(new RedirectUri(registered), state, !client.isStranger());
  }

  /**
   * Whether the person is led there without a click. Anybody may register an address, so a link to
   * us would lead people to any site at all if those of strangers were gone to directly.
   */
  boolean isDirect() {
    return !isApplication() && (vouched || registered.isLoopbackHttp());
  }

  /** Whether the operating system opens it, not the browser. */
  boolean isApplication() {
    return registered.isPrivateUse();
  }

  /** By what a person may recognise it: its host, or its scheme if it is an application. */
  String place() {
    return registered.destination();
  }

  /** The whole address. */
  String uri() {
    var uri = registered.value();
    return state
        .map(value -> URLEncoder.encode(value, StandardCharsets.UTF_8))
        .map(value -> uri + (uri.contains("?") ? "&" : "?") + "state=" + value)
        .orElse(uri);
  }

  JsonObject toJson() {
    var json = new JsonObject().put(URI, registered.value()).put(VOUCHED, vouched);
    state.ifPresent(value -> json.put(STATE, value));
    return json;
  }

  static Destination fromJson(JsonObject json) {
    return new Destination(
        new RedirectUri(json.getString(URI)),
        Optional.ofNullable(json.getString(STATE)),
        json.getBoolean(VOUCHED));
  }
}
