package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
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

  Look to(ExternalAuthConfig config, List<McpServer> naming) {
    var metadata = config.metadata();
    var namespace = metadata.namespace().orElse("default");
    if (!metadata.finalizers().contains(FINALIZER)) {
      return Look.DONE;
    }
    var staying = naming.stream().filter(server -> !server.metadata().isBeingDeleted()).toList();
    if (staying.isEmpty() || hands.isEnding(namespace)) {
      hands.release(Key.config(namespace, metadata.name()), metadata.resourceVersion().orElse(""));
      return Look.DONE;
    }
    report.blocked(config, staying.stream().map(server -> server.metadata().name()).toList());
    return new Look(true, Optional.empty(), Set.of());
  }
}
