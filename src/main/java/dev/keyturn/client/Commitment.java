package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a client was to authenticate when a person was asked for it.
 *
 * <p>A stranger's document may be another one by the time that the code is redeemed. Whoever took
 * it over in between must not redeem with a method, or a key, that nobody had seen.
 *
 * @param keys thumbprints of its keys, or the URL where they are published; empty: it had none
 */
public record Commitment(Method method, Set<String> keys) {
  public Commitment {
    keys = Set.copyOf(keys);
  }

  static Commitment of(Authentication authentication) {
    return new Commitment(
        authentication.method(), authentication.keys().map(ClientKeys::names).orElse(Set.of()));
  }

  /** Whether a client that has authenticated did so by the same method. */
  public boolean isOfSameMethod(Client proven) {
    return proven.authentication().method() == method;
  }

  /** Whether a client that has authenticated did so by the same method and one of these keys. */
  public boolean isKeptBy(Client proven) {
    return isOfSameMethod(proven) && keys.containsAll(of(proven.authentication()).keys);
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("method", method.wire())
        .put("keys", new JsonArray(java.util.List.copyOf(new TreeSet<>(keys))));
  }

  public static Commitment fromJson(JsonObject json) {
    var keys = new TreeSet<String>();
    json.getJsonArray("keys").forEach(key -> keys.add((String) key));
    return new Commitment(Method.of(json.getString("method")).orElseThrow(), keys);
  }
}
