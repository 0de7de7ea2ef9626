package dev.keyturn.server;

import dev.keyturn.upstream.UpstreamStatus;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the server takes requests, and what is known about what it depends on.
 *
 * <p>An identity provider that is away does not make it unready: tokens that are out go on, and a
 * restart would not bring the provider back.
 */
final class Readiness {
  private final Map<String, UpstreamStatus> upstreams = new ConcurrentHashMap<>();
  private volatile Phase phase = Phase.STARTING;

  /** The life of a server. */
  enum Phase {
    STARTING,
    READY,
    STOPPING
  }

  void enter(Phase next) {
    phase = next;
  }

  void note(UpstreamStatus status) {
    upstreams.put(status.name(), status);
  }

  boolean isReady() {
    return phase == Phase.READY;
  }

  boolean hasStarted() {
    return phase != Phase.STARTING;
  }

  JsonObject toJson() {
    var details = new JsonObject();
    upstreams.forEach(
        (name, status) ->
            details.put(
                name, status.ready() ? "up" : "down: " + status.reason().orElse("no answer yet")));
    return new JsonObject()
        .put("ready", isReady())
        .put("phase", phase.name().toLowerCase(java.util.Locale.ROOT))
        .put("upstreams", details);
  }
}
