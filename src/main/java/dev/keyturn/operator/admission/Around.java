package dev.keyturn.operator.admission;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.rules.Lookup;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands around a resource in its namespace, fetched before.
 *
 * @param secrets only those that the requester may see
 */
record Around(
    String namespace,
    Map<String, Map<String, byte[]>> secrets,
    Map<String, Map<String, String>> configMaps,
    List<ExternalAuthConfig> configs,
    List<McpServer> servers)
    implements Lookup {
  Around {
    secrets = Map.copyOf(secrets);
    configMaps = Map.copyOf(configMaps);
    configs = List.copyOf(configs);
    servers = List.copyOf(servers);
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String where, String name) {
    return isHere(where) ? Optional.ofNullable(secrets.get(name)) : Optional.empty();
  }

  @Override
  public Optional<Map<String, String>> configMap(String where, String name) {
    return isHere(where) ? Optional.ofNullable(configMaps.get(name)) : Optional.empty();
  }

  @Override
  public List<ExternalAuthConfig> configs(String where) {
    return isHere(where) ? configs : List.of();
  }

  @Override
  public List<McpServer> servers(String where) {
    return isHere(where) ? servers : List.of();
  }

  /** References never cross namespaces. */
  private boolean isHere(String where) {
    return namespace.equals(where);
  }

  /** Holds secrets, so it is not for printing. */
  @Override
  public String toString() {
    return "Around[" + namespace + "]";
  }
}
