package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.objects.Settings;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;

/**
 * What the operator was told about itself.
 *
 * @param namespaces which ones are watched; empty for all
 * @param leaseNamespace where the Lease is by which one process is elected
 * @param identity who we are in that election
 */
public record Reconciling(
    Settings settings,
    Set<String> namespaces,
    String leaseNamespace,
    String identity,
    MeterRegistry metrics) {
  public Reconciling {
    namespaces = Set.copyOf(namespaces);
  }
}
