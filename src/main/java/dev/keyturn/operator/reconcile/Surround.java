package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.rules.Lookup;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands around a resource in its namespace, for one look at it.
 *
 * <p>A Secret is got at most once for a look, and forgotten with it.
 */
final class Surround implements Lookup {
  private final Stock stock;
  private final Hands hands;
  private final List<McpServer> servers;
  private final Map<String, Optional<Map<String, byte[]>>> secrets;
  private final Map<String, Optional<Map<String, String>>> configMaps;

  private Surround(Stock stock, Hands hands, List<McpServer> servers, Surround shared) {
    this.stock = stock;
    this.hands = hands;
    this.servers = List.copyOf(servers);
    this.secrets = shared.secrets;
    this.configMaps = shared.configMaps;
  }

  Surround(Stock stock, Hands hands, String namespace) {
    this.stock = stock;
    this.hands = hands;
    this.servers = stock.servers(namespace);
    this.secrets = new HashMap<>();
    this.configMaps = new HashMap<>();
  }

  /** The same with only those servers. */
  Surround with(List<McpServer> some) {
    return new Surround(stock, hands, some, this);
  }

  /** As it was when {@code server} came: those that were there before have what they want. */
  Surround before(McpServer server) {
    var at = servers.stream().map(one -> one.metadata().name()).toList();
    var index = at.indexOf(server.metadata().name());
    return with(index < 0 ? servers : servers.subList(0, index + 1));
  }

  List<McpServer> servers() {
    return servers;
  }

  @Override
  public Optional<Map<String, byte[]>> secret(String namespace, String name) {
    return secrets.computeIfAbsent(name, missing -> hands.secret(namespace, missing));
  }

  @Override
  public Optional<Map<String, String>> configMap(String namespace, String name) {
    return configMaps.computeIfAbsent(name, missing -> hands.configMap(namespace, missing));
  }

  @Override
  public List<ExternalAuthConfig> configs(String namespace) {
    return stock.configs(namespace);
  }

  @Override
  public List<McpServer> servers(String namespace) {
    return servers;
  }
}
