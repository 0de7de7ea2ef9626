package dev.keyturn.operator.rules;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What else there is in a namespace, as far as it is known.
 *
 * <p>It is asked while rules are applied, which waits for nobody: whoever makes one has everything
 * at hand. What is not there, or what its asker may not see, is empty.
 */
public interface Lookup {
  /** The content of a Secret by its keys. */
  Optional<Map<String, byte[]>> secret(String namespace, String name);

  /** The content of a ConfigMap by its keys. */
  Optional<Map<String, String>> configMap(String namespace, String name);

  /** All configs, the one that is judged or not. */
  List<ExternalAuthConfig> configs(String namespace);

  /** All servers, the one that is judged or not. */
  List<McpServer> servers(String namespace);

  /** A config by its name. */
  default Optional<ExternalAuthConfig> config(String namespace, String name) {
    return configs(namespace).stream()
        .filter(config -> config.metadata().name().equals(name))
        .findFirst();
  }
}
