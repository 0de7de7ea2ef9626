package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.client.Commitment;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.RedirectUri;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A redirect URI that this client has registered, with the state that goes back to it.
 *
 * <p>Only {@link #trusted} makes one from a request, so whoever holds one may answer there.
 *
 * @param uri as the request spelled it
 * @param direct whether an error may be sent there without the person's click: where a stranger
 *     registered the URI it may not, or the login host would redirect anywhere
 * @param commitment how the client is to authenticate for what it will be given there
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.11">RFC 9700, section 4.11</a>
 */
record ReturnAddress(
    String clientId,
    String uri,
    Optional<String> state,
    boolean direct,
    Optional<Commitment> commitment) {
  /** One of a client that nobody has looked at. */
  ReturnAddress(String clientId, String uri, Optional<String> state, boolean direct) {
    this(clientId, uri, state, direct, Optional.empty());
  }

  /** The address that {@code requested} names, if the client has registered it. */
  static Optional<ReturnAddress> trusted(
      Client client, Optional<String> requested, Optional<String> state) {
    if (requested.isEmpty()) {
      return Optional.of(client.redirectUris())
          .filter(registered -> registered.size() == 1)
          .map(registered -> registered.get(0))
          .filter(ReturnAddress::mayBeImplied)
          .map(only -> of(client, only, state));
    }
    return client
        .admits(requested.get())
        .map(registered -> of(client, new RedirectUri(requested.get()), state));
  }

  /**
   * A loopback URI without a port stands for every port (RFC 8252, section 7.3), so it does not say
   * which program of that machine is to be given the code.
   */
  private static boolean mayBeImplied(RedirectUri uri) {
    return !uri.isLoopbackHttp() || URI.create(uri.value()).getPort() >= 0;
  }

  private static ReturnAddress of(Client client, RedirectUri uri, Optional<String> state) {
    return new ReturnAddress(
        client.id(),
        uri.value(),
        state,
        !client.isStranger() || uri.isLoopbackHttp(),
        Optional.of(client.commitment()));
  }

  /** The same, for a person who has let the client in before. */
  ReturnAddress straight() {
    return new ReturnAddress(clientId, uri, state, true);
  }

  RedirectUri redirectUri() {
    return new RedirectUri(uri);
  }

  /** Where a successful answer goes. */
  String withCode(String code, Issuer issuer) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("code", code);
    return with(answer, issuer);
  }

  /** Where a refusal goes. */
  String withError(OAuthError error, Issuer issuer) {
    var answer = new LinkedHashMap<String, String>();
    answer.put("error", error.code().wire());
    if (!error.description().isEmpty()) {
      answer.put("error_description", error.description());
    }
    return with(answer, issuer);
  }

  /** Every answer carries {@code state} and, by RFC 9207, {@code iss}. */
  private String with(Map<String, String> answer, Issuer issuer) {
    state.ifPresent(value -> answer.put("state", value));
    answer.put("iss", issuer.value());
    var location = new StringBuilder(uri);
    var separator = uri.indexOf('?') < 0 ? "?" : uri.endsWith("?") || uri.endsWith("&") ? "" : "&";
    for (var parameter : answer.entrySet()) {
      location
          .append(separator)
          .append(parameter.getKey())
          .append('=')
          .append(URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8));
      separator = "&";
    }
    return location.toString();
  }

  JsonObject toJson() {
    var json = new JsonObject().put("client", clientId).put("uri", uri).put("direct", direct);
    state.ifPresent(value -> json.put("state", value));
    commitment.ifPresent(value -> json.put("commitment", value.toJson()));
    return json;
  }

  static ReturnAddress fromJson(JsonObject json) {
    return new ReturnAddress(
        json.getString("client"),
        json.getString("uri"),
        Optional.ofNullable(json.getString("state")),
        json.getBoolean("direct"),
        Optional.ofNullable(json.getJsonObject("commitment")).map(Commitment::fromJson));
  }
}
