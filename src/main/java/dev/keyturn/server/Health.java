package dev.keyturn.server;

import io.vertx.core.json.JsonObject;

/** What the management port tells of the process. */
public interface Health {
  /** Whether it takes requests. */
  boolean isReady();

  /** Whether its start is over. */
  boolean hasStarted();

  /** What is known, without secrets. */
  JsonObject toJson();
}
