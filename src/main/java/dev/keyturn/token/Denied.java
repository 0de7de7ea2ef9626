package dev.keyturn.token;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What of a session is denied.
 *
 * @param all whether every access token of it is
 * @param tokens else the denied ones: by {@code jti}, when each has ended by itself
 */
record Denied(boolean all, Map<String, Instant> tokens) {
  static final Denied NONE = new Denied(false, Map.of());
  static final Denied ALL = new Denied(true, Map.of());

  /** Who revokes more tokens than this at once is denied the rest as well. */
  static final int MAX = 64;

  Denied {
    tokens = Map.copyOf(tokens);
  }

  /** This and one token more, without those that have ended. */
  Denied with(AccessToken token, Instant now) {
    return and(new Denied(false, Map.of(token.id(), token.expiresAt())), now);
  }

  /** All that either of the two denies, without the tokens that have ended. */
  Denied and(Denied other, Instant now) {
    var both = new HashMap<>(tokens);
    both.putAll(other.tokens);
    both.values().removeIf(end -> !now.isBefore(end));
    return all || other.all || both.size() > MAX ? ALL : new Denied(false, both);
  }

  /** Whether {@code token} is among what is denied. */
  boolean names(AccessToken token) {
    return all || tokens.containsKey(token.id());
  }

  JsonObject toJson() {
    var ends = new JsonObject();
    tokens.forEach((id, end) -> ends.put(id, end.toEpochMilli()));
    return new JsonObject().put("all", all).put("tokens", ends);
  }

  static Denied fromJson(JsonObject json) {
    var ends = json.getJsonObject("tokens");
    return new Denied(
        json.getBoolean("all"),
        ends.fieldNames().stream()
            .collect(Collectors.toMap(id -> id, id -> Instant.ofEpochMilli(ends.getLong(id)))));
  }
}
