package dev.keyturn.server;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;

/**
 * How a server is at one moment.
 *
 * @param generation counts the configurations and keys that were in force in this process, from 1
 * @param since when this one came into force
 * @param phase {@code starting}, {@code ready} or {@code stopping}
 * @param pendingRestart the settings that were changed and wait for a restart
 * @param details what {@code /readyz} shows: identity providers, keys, what was refused
 */
public record ServerStatus(
    long generation, Instant since, String phase, List<String> pendingRestart, JsonObject details) {
  public ServerStatus {
    pendingRestart = List.copyOf(pendingRestart);
    details = details.copy();
  }

  /** A copy, since others look at the same status. */
  @Override
  public JsonObject details() {
    return details.copy();
  }

  /** Whether it takes requests. */
  public boolean isReady() {
    return phase.equals("ready");
  }

  public JsonObject toJson() {
    return new JsonObject()
        .put("generation", generation)
        .put("since", since.toString())
        .put("phase", phase)
        .put("pending_restart", new JsonArray(pendingRestart))
        .put("details", details());
  }

  public static ServerStatus fromJson(JsonObject json) {
    return new ServerStatus(
        json.getLong("generation"),
        Instant.parse(json.getString("since")),
        json.getString("phase"),
        json.getJsonArray("pending_restart").stream().map(String.class::cast).toList(),
        json.getJsonObject("details"));
  }
}
