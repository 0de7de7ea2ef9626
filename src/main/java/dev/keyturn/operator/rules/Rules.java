package dev.keyturn.operator.rules;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.render.Remark;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/** Judges resources by the rules of the run configuration that they are rendered to. */
public final class Rules {
  /**
   * @param random makes the keys for which nothing is named, as a server would
   * @param clock by which certificates have expired
   */
  public Rules(SecureRandom random, Clock clock) {
    Objects.requireNonNull(random, "random");
    Objects.requireNonNull(clock, "clock");
  }

  /** What is to be said of {@code config}, as it would be beside the rest of its namespace. */
  public List<Remark> judge(ExternalAuthConfig config, Lookup around) {
    return List.of();
  }

  /** What is to be said of {@code server}, as it would be beside the rest of its namespace. */
  public List<Remark> judge(McpServer server, Lookup around) {
    return List.of();
  }

  /** What {@code config} names, for whoever fetches it or asks who may see it. */
  public List<Reference> references(ExternalAuthConfig config) {
    return List.of();
  }

  /** What {@code server} names. */
  public List<Reference> references(McpServer server) {
    return List.of();
  }
}
