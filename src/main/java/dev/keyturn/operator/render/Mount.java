package dev.keyturn.operator.render;

import dev.keyturn.operator.api.ConfigMapKeyRef;
import dev.keyturn.operator.api.SecretKeyRef;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * A directory of the pod: an object of the namespace, whole, so that each change of its content
 * arrives while the server runs.
 *
 * @param name of the Secret or ConfigMap; of the volume where it is neither
 * @param path where the server sees it
 */
public record Mount(Kind kind, String name, String path) {
  /** Below it is a directory for each Secret. */
  public static final String SECRETS = "/etc/keyturn/secrets/";

  /** Where the run configuration is. */
  static final String CONFIG = "/etc/keyturn/config";

  /** Where the file store is. */
  static final String DATA = "/var/lib/keyturn";

  /** Below it is a directory for each ConfigMap that a config names. */
  public static final String CONFIG_MAPS = "/etc/keyturn/configmaps/";

  /** What is mounted. */
  public enum Kind {
    SECRET,
    CONFIG_MAP,
    /** The ConfigMap of the run configuration, under the name of the deployment. */
    RUN_CONFIG,
    /** The volume of the file store. */
    DATA
  }

  /** The entry of a Secret that a file is; empty if it is none. */
  public static Optional<SecretKeyRef> secretEntry(Path file) {
    return entry(file, SECRETS, SecretKeyRef::new);
  }

  /** The entry of a ConfigMap that a file is; empty if it is none. */
  public static Optional<ConfigMapKeyRef> configMapEntry(Path file) {
    return entry(file, CONFIG_MAPS, ConfigMapKeyRef::new);
  }

  private static <T> Optional<T> entry(
      Path file, String below, BiFunction<String, String, T> reference) {
    var root = Path.of(below);
    if (!file.startsWith(root) || file.getNameCount() != root.getNameCount() + 2) {
      return Optional.empty();
    }
    var entry = root.relativize(file);
    return Optional.of(reference.apply(entry.getName(0).toString(), entry.getName(1).toString()));
  }

  static Mount secret(String name) {
    return new Mount(Kind.SECRET, name, SECRETS + name);
  }

  static Mount configMap(String name) {
    return new Mount(Kind.CONFIG_MAP, name, CONFIG_MAPS + name);
  }
}
