package dev.keyturn.server;

import dev.keyturn.keys.KeyState;
import dev.keyturn.upstream.UpstreamStatus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Whether the server takes requests, and what is known about what it depends on.
 *
 * <p>An identity provider or a store that is away does not make it unready once it is ready: tokens
 * that are out go on, and a restart would not bring back what is away.
 */
final class Readiness implements Health {
  private final Map<String, UpstreamStatus> upstreams = new ConcurrentHashMap<>();
  private final Supplier<Map<String, String>> store;
  private final Clock clock;
  private volatile Phase phase = Phase.STARTING;
  private volatile JsonObject inForce = new JsonObject();
  private volatile JsonArray keys = new JsonArray();
  private volatile Optional<GenerationReport> report = Optional.empty();
  private volatile List<String> refused = List.of();

  /**
   * @param store tells what is wrong with the store at the moment
   */
  Readiness(Supplier<Map<String, String>> store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

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

  /** Takes down what is in force. */
  void note(InForce now) {
    var next =
        new JsonObject()
            .put("generation", now.generation())
            .put("pending_restart", new JsonArray(now.config().pendingRestart()));
    now.keys().problem().ifPresent(problem -> next.put("key_ring", problem));
    inForce = next;
    keys = new JsonArray(now.keys().states().stream().map(KeyState::toJson).toList());
    report = Optional.of(GenerationReport.of(now, clock.instant(), report));
  }

  /** Takes down why what the files say is not in force; nothing if it is. */
  void refuse(List<String> reasons) {
    refused = List.copyOf(reasons);
  }

  @Override
  public boolean isReady() {
    return phase == Phase.READY;
  }

  boolean isStopping() {
    return phase == Phase.STOPPING;
  }

  @Override
  public boolean hasStarted() {
    return phase != Phase.STARTING;
  }

  @Override
  public Optional<JsonObject> generation() {
    return report.map(now -> now.toJson(keys, refused, upstreams.values()));
  }

  @Override
  public JsonObject toJson() {
    var details = new JsonObject();
    upstreams.forEach(
        (name, status) ->
            details.put(
                name,
                (status.ready() ? "up" : "down: " + status.reason().orElse("no answer yet"))
                    + status
                        .waiting()
                        .map(cause -> "; a new configuration waits for its provider: " + cause)
                        .orElse("")));
    return new JsonObject()
        .put("ready", isReady())
        .put("phase", phase.name().toLowerCase(java.util.Locale.ROOT))
        .put("upstreams", details)
        .put("store", new JsonObject(new LinkedHashMap<>(store.get())))
        .put("configuration", inForce.copy().put("refused", new JsonArray(refused)))
        .put("keys", keys);
  }
}
