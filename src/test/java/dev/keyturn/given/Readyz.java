package dev.keyturn.given;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a server says of itself on its management port. */
public final class Readyz {
  private final Wire wire = new Wire();
  private final URI management;

  public Readyz(URI management) {
    this.management = management;
  }

  public boolean isReady() {
    return status("/readyz") == 200 && json().getBoolean("ready");
  }

  /** The status of a probe. */
  public int status(String path) {
    return wire.send("GET", management.resolve(path), Map.of(), "").status();
  }

  /** The keys of one kind, and their states. */
  public Map<String, String> states(String kind) {
    return json().getJsonArray("keys").stream()
        .map(JsonObject.class::cast)
        .filter(key -> key.getString("kind").equals(kind))
        .collect(Collectors.toMap(key -> key.getString("id"), key -> key.getString("state")));
  }

  public List<String> refused() {
    return texts("refused");
  }

  public List<String> pendingRestart() {
    return texts("pending_restart");
  }

  private List<String> texts(String member) {
    return json().getJsonObject("configuration").getJsonArray(member).stream()
        .map(String::valueOf)
        .toList();
  }

  private JsonObject json() {
    return new JsonObject(wire.send("GET", management.resolve("/readyz"), Map.of(), "").body());
  }
}
