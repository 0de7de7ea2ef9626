package dev.keyturn.user;

import io.vertx.core.json.JsonObject;

/**
 * A client as the person saw it.
 *
 * @param name what it was called on the page; may be empty
 * @param claimed whether nobody but the client itself called it so
 */
public record NamedClient(String id, String name, boolean claimed) {
  JsonObject toJson() {
    return new JsonObject().put("id", id).put("name", name).put("claimed", claimed);
  }

  static NamedClient fromJson(JsonObject json) {
    return new NamedClient(
        json.getString("id"), json.getString("name"), json.getBoolean("claimed"));
  }
}
