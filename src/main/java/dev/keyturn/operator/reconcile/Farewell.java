package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The end of a config, which servers hold up that name it.
 *
 * <p>Nothing holds up the end of a namespace: with it go the servers, too, in whatever order.
 */
final class Farewell {
  static final String FINALIZER = "keyturn.dev/in-use";

  private final Hands hands;
  private final Report report;

  Farewell(Hands hands, Report report) {
    this.hands = hands;
    this.report = report;
  }

  /**
   * Lets {@code config} go, or tells who names it.
   *
   * @param staying the names of the servers that need it
   */
  Look to(ExternalAuthConfig config, List<String> staying) {
    if (isLetGo(config.metadata(), staying)) {
      return Look.DONE;
    }
    report.blocked(config, staying);
    return new Look(true, Optional.empty(), Set.of());
  }

  /** Whether nothing of ours holds it up any more. */
  boolean isLetGo(Metadata metadata, List<String> staying) {
    var namespace = metadata.namespace().orElse("default");
    if (!metadata.finalizers().contains(FINALIZER)) {
      return true;
    }
    if (!staying.isEmpty() && !hands.isEnding(namespace)) {
      return false;
    }
    hands.release(Key.config(namespace, metadata.name()), metadata.resourceVersion().orElse(""));
    return true;
  }
}
