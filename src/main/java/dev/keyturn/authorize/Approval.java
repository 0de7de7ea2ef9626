package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Why a login may begin: what the person was shown and allowed, or why nobody was asked.
 *
 * @param scopes all that the page named
 * @param upstreams whose tokens the page named, with the scopes there
 * @param subject whose earlier decision stood for the page
 */
record Approval(
    Basis basis, Scopes scopes, Map<String, Scopes> upstreams, Optional<String> subject) {
  /** Nobody is asked: the operator trusts the client. */
  static final Approval TRUSTED =
      new Approval(Basis.TRUSTED, Scopes.NONE, Map.of(), Optional.empty());

  enum Basis {
    /** The button of a page. */
    PAGE,
    /** An earlier decision of the person whom this browser remembers. */
    REMEMBERED,
    /** The operator's word. */
    TRUSTED
  }

  Approval {
    upstreams = Map.copyOf(upstreams);
  }

  /** By the button of a page that asked this. */
  static Approval of(Question question) {
    return new Approval(Basis.PAGE, question.scopes(), question.upstreams(), Optional.empty());
  }

  /** By an earlier decision of {@code subject}, if it is {@code subject} who arrives. */
  static Approval remembered(String subject) {
    return new Approval(Basis.REMEMBERED, Scopes.NONE, Map.of(), Optional.of(subject));
  }

  /** Whether the page named all of this. */
  boolean names(Scopes granted, Map<String, Scopes> used) {
    return basis == Basis.PAGE
        && scopes.covers(granted)
        && used.entrySet().stream()
            .allMatch(
                entry ->
                    upstreams.getOrDefault(entry.getKey(), Scopes.NONE).covers(entry.getValue())
                        && upstreams.containsKey(entry.getKey()));
  }

  boolean isRememberedOf(String arrived) {
    return basis == Basis.REMEMBERED && subject.map(arrived::equals).orElse(false);
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("basis", basis.name().toLowerCase(Locale.ROOT))
            .put("scope", scopes.wire())
            .put("upstreams", UpstreamScopes.toJson(upstreams));
    subject.ifPresent(value -> json.put("sub", value));
    return json;
  }

  static Approval fromJson(JsonObject json) {
    return new Approval(
        Basis.valueOf(json.getString("basis").toUpperCase(Locale.ROOT)),
        Scopes.parse(json.getString("scope")),
        UpstreamScopes.fromJson(json.getJsonObject("upstreams")),
        Optional.ofNullable(json.getString("sub")));
  }
}
