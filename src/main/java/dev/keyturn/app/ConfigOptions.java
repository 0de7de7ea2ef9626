package dev.keyturn.app;

import dev.keyturn.app.source.ConfigMapKey;
import dev.keyturn.operator.cluster.Pod;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say where the configuration is. */
final class ConfigOptions {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      required = true,
      description = {
        "The configuration, YAML or JSON.",
        "In a pod also kubernetes:configmap/NAMESPACE/NAME/KEY: one key of a ConfigMap, read"
            + " through the Kubernetes API. Files that it names are files all the same."
      })
  private @Nullable String config;

  @Option(
      names = "--service-account",
      paramLabel = "DIR",
      defaultValue = Pod.MOUNT,
      description = {
        "Where token and ca.crt of the pod's service account are mounted; only for kubernetes:.",
        "Default: ${DEFAULT-VALUE}"
      })
  private @Nullable Path account;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  /** Where the configuration is; nothing has been read there yet. */
  ConfigurationPlace place() {
    var spelling = Objects.requireNonNull(config);
    return ConfigMapKey.isMeantBy(spelling)
        ? new ConfigurationMap(
            key(spelling), Pod.of(System.getenv(), Objects.requireNonNull(account)))
        : new ConfigurationFile(Path.of(spelling));
  }

  private ConfigMapKey key(String spelling) {
    try {
      return ConfigMapKey.parse(spelling);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          Objects.requireNonNull(command).commandLine(), "--config: " + e.getMessage(), e);
    }
  }
}
