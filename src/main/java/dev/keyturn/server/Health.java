package dev.keyturn.server;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What the management port tells of the process. */
public interface Health {
  /** Whether it takes requests. */
  boolean isReady();

  /** Whether its start is over. */
  boolean hasStarted();

  /** What is known, without secrets. */
  JsonObject toJson();

  /** What is in force, for whoever compares processes; empty where there is no such thing. */
  default Optional<JsonObject> generation() {
    return Optional.empty();
  }
}
