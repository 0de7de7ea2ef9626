package dev.keyturn.app;

import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.objects.Settings;
import dev.keyturn.operator.reconcile.Reconciling;
import dev.keyturn.operator.render.Pod;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code operator} that are about the reconciler. */
final class ReconcilerOptions {
  @Option(
      names = "--server-image",
      paramLabel = "IMAGE",
      defaultValue = "${env:KEYTURN_SERVER_IMAGE:-}",
      description = {
        "The image of each Keyturn that is made. Another one replaces all their pods; another",
        "operator with the same one replaces none. Left out: nothing is made of resources."
      })
  private @Nullable String image;

  @Option(
      names = "--server-requests",
      paramLabel = "NAME=AMOUNT",
      split = ",",
      defaultValue = "${env:KEYTURN_SERVER_REQUESTS:-cpu=100m,memory=192Mi}",
      description = "What each Keyturn asks for (default: ${DEFAULT-VALUE}).")
  private Map<String, String> requests = new LinkedHashMap<>();

  @Option(
      names = "--server-limits",
      paramLabel = "NAME=AMOUNT",
      split = ",",
      defaultValue = "${env:KEYTURN_SERVER_LIMITS:-memory=512Mi,ephemeral-storage=256Mi}",
      description = "What each Keyturn may take (default: ${DEFAULT-VALUE}).")
  private Map<String, String> limits = new LinkedHashMap<>();

  @Option(
      names = "--monitoring-namespace",
      paramLabel = "NS",
      split = ",",
      defaultValue = "${env:KEYTURN_MONITORING_NAMESPACE:-monitoring}",
      description = "Whose pods may read metrics of each Keyturn (default: ${DEFAULT-VALUE}).")
  private List<String> monitoring = List.of();

  @Option(
      names = "--operator-namespace",
      paramLabel = "NS",
      defaultValue = "${env:KEYTURN_OPERATOR_NAMESPACE:-keyturn-system}",
      description = "Where this runs, and its Lease is (default: ${DEFAULT-VALUE}).")
  private @Nullable String namespace;

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      defaultValue = "${env:KEYTURN_IDENTITY:-${env:HOSTNAME:-}}",
      description = "Who this process is in the election (default: the name of its host).")
  private @Nullable String identity;

  /**
   * What was told; empty where nothing is to be made.
   *
   * @throws IllegalArgumentException if an option cannot be so, which the message names
   */
  Optional<Function<MeterRegistry, Reconciling>> reconciling(Set<String> namespaces) {
    var own = OptionRules.namespace("--operator-namespace", Objects.requireNonNull(namespace));
    var needs =
        new ResourceNeeds(
            OptionRules.amounts("--server-requests", requests),
            OptionRules.amounts("--server-limits", limits));
    var readers = OptionRules.namespaces("--monitoring-namespace", monitoring);
    var name = identity();
    return Optional.ofNullable(image)
        .filter(one -> !one.isBlank())
        .map(one -> new Pod(OptionRules.image("--server-image", one), needs))
        .map(pod -> new Settings(pod, own, readers))
        .map(settings -> metrics -> new Reconciling(settings, namespaces, own, name, metrics));
  }

  private String identity() {
    return Optional.ofNullable(identity)
        .filter(name -> !name.isBlank())
        .map(name -> OptionRules.identity("--identity", name))
        .orElseGet(() -> "keyturn-" + UUID.randomUUID());
  }
}
