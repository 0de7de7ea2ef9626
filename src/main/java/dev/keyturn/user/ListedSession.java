package dev.keyturn.user;

import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * A session of a person, listed so that it can be found and ended.
 *
 * @param id the {@code sid}
 * @param endsAt the latest that it can live
 */
public record ListedSession(String id, NamedClient client, Instant since, Instant endsAt) {
  JsonObject toJson() {
    return new JsonObject()
        .put("sid", id)
        .put("client", client.toJson())
        .put("since", since.toEpochMilli())
        .put("ends", endsAt.toEpochMilli());
  }

  static ListedSession fromJson(JsonObject json) {
    return new ListedSession(
        json.getString("sid"),
        NamedClient.fromJson(json.getJsonObject("client")),
        Instant.ofEpochMilli(json.getLong("since")),
        Instant.ofEpochMilli(json.getLong("ends")));
  }
}
