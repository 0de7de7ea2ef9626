package dev.keyturn.authorize;

import dev.keyturn.oauth.PkceChallenge;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An authorization request in which everything was found good.
 *
 * @param returnTo where the answer goes
 * @param resources in the configuration's spelling, not empty
 * @param challenge empty only for a client that may leave it out
 * @param forwarded what the identity provider is told too, such as {@code login_hint}
 * @param receivedAt when it was found good
 * @param subject the only person whose login answers it, as the client's hint says; else anybody
 * @param asksAnew whether the person must be asked, whatever they have approved before
 * @param pushed the key of the pushed request that it came as; empty if it came by the browser
 */
record AuthorizationRequest(
    ReturnAddress returnTo,
    Scopes scopes,
    List<String> resources,
    Optional<PkceChallenge> challenge,
    Optional<String> nonce,
    Map<String, String> forwarded,
    Instant receivedAt,
    Optional<String> subject,
    boolean asksAnew,
    Optional<String> pushed) {
  AuthorizationRequest {
    resources = List.copyOf(resources);
    forwarded = Map.copyOf(forwarded);
  }

  /** One that came by the browser, for anybody. */
  AuthorizationRequest(
      ReturnAddress returnTo,
      Scopes scopes,
      List<String> resources,
      Optional<PkceChallenge> challenge,
      Optional<String> nonce,
      Map<String, String> forwarded,
      Instant receivedAt) {
    this(
        returnTo,
        scopes,
        resources,
        challenge,
        nonce,
        forwarded,
        receivedAt,
        Optional.empty(),
        false,
        Optional.empty());
  }

  /** The same, having come as the pushed request {@code key}. */
  AuthorizationRequest pushedAs(String key) {
    return having(subject, asksAnew, Optional.of(key));
  }

  /** The same, answered by the login of {@code sub} alone. */
  AuthorizationRequest forSubject(String sub) {
    return having(Optional.of(sub), asksAnew, pushed);
  }

  /** The same, for which the person must be asked, whatever they have approved before. */
  AuthorizationRequest askingAnew() {
    return having(subject, true, pushed);
  }

  private AuthorizationRequest having(Optional<String> sub, boolean anew, Optional<String> key) {
    return new AuthorizationRequest(
        returnTo, scopes, resources, challenge, nonce, forwarded, receivedAt, sub, anew, key);
  }

  String clientId() {
    return returnTo.clientId();
  }

  /** Whether the client wants an answer without any page. */
  boolean isSilent() {
    return "none".equals(forwarded.get("prompt"));
  }

  /** Whether the person is to say again who they are. */
  boolean choosesAnew() {
    return asksAnew || forwarded.getOrDefault("prompt", "").contains("select_account");
  }

  /** The most seconds that may lie between the login at the provider and now. */
  Optional<Long> maxAge() {
    return Optional.ofNullable(forwarded.get("max_age")).map(Long::valueOf);
  }

  /** The languages that the client asked for, for every page of the login. */
  Optional<String> uiLocales() {
    return Optional.ofNullable(forwarded.get("ui_locales"));
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("return_to", returnTo.toJson())
            .put("scope", scopes.wire())
            .put("resources", resources)
            .put("forwarded", new JsonObject(new HashMap<>(forwarded)))
            .put("anew", asksAnew)
            .put("received", receivedAt.toEpochMilli());
    challenge.ifPresent(value -> json.put("challenge", value.value()));
    nonce.ifPresent(value -> json.put("nonce", value));
    subject.ifPresent(value -> json.put("sub", value));
    pushed.ifPresent(value -> json.put("pushed", value));
    return json;
  }

  static AuthorizationRequest fromJson(JsonObject json) {
    var forwarded = new HashMap<String, String>();
    json.getJsonObject("forwarded").forEach(e -> forwarded.put(e.getKey(), (String) e.getValue()));
    return new AuthorizationRequest(
        ReturnAddress.fromJson(json.getJsonObject("return_to")),
        Scopes.parse(json.getString("scope")),
        json.getJsonArray("resources").stream().map(String.class::cast).toList(),
        Optional.ofNullable(json.getString("challenge")).map(PkceChallenge::new),
        Optional.ofNullable(json.getString("nonce")),
        forwarded,
        Instant.ofEpochMilli(json.getLong("received")),
        Optional.ofNullable(json.getString("sub")),
        json.getBoolean("anew"),
        Optional.ofNullable(json.getString("pushed")));
  }
}
