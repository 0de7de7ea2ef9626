package dev.keyturn.operator.render;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything of one namespace that a config is rendered with.
 *
 * @param config the one that is rendered, of type {@code embeddedAuthServer}
 * @param servers the MCP servers of the namespace, those that use the config and others; of two
 *     that want the same the first one has it
 * @param configs all configs of the namespace
 * @param configMaps the ConfigMaps that servers name, by their names and keys
 */
public record Scene(
    ExternalAuthConfig config,
    List<McpServer> servers,
    List<ExternalAuthConfig> configs,
    Map<String, Map<String, String>> configMaps) {
  public Scene {
    servers = List.copyOf(servers);
    configs = List.copyOf(configs);
    configMaps = Map.copyOf(configMaps);
  }

  Optional<ExternalAuthConfig> config(String name) {
    return configs.stream().filter(other -> other.metadata().name().equals(name)).findFirst();
  }
}
