package dev.keyturn.operator.rules;

import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.OidcSource;
import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.render.Binding;
import dev.keyturn.operator.render.Scene;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A namespace as it would be with one resource in it that is judged.
 *
 * @param servers the oldest first: of two that want the same it has it
 */
record Namespace(
    String name, Lookup around, List<ExternalAuthConfig> configs, List<McpServer> servers) {
  private static final String USUAL = "default";

  Namespace {
    configs = List.copyOf(configs);
    servers = List.copyOf(servers);
  }

  static Namespace with(ExternalAuthConfig config, Lookup around) {
    var name = config.metadata().namespace().orElse(USUAL);
    var configs = others(around.configs(name), ExternalAuthConfig::metadata, config.metadata());
    configs.add(config);
    return new Namespace(name, around, configs, byAge(around.servers(name)));
  }

  /** The server that is judged comes last, so that it is the one that is told. */
  static Namespace with(McpServer server, Lookup around) {
    var name = server.metadata().namespace().orElse(USUAL);
    var servers = others(byAge(around.servers(name)), McpServer::metadata, server.metadata());
    servers.add(server);
    return new Namespace(name, around, around.configs(name), servers);
  }

  Optional<ExternalAuthConfig> config(String wanted) {
    return configs.stream().filter(one -> one.metadata().name().equals(wanted)).findFirst();
  }

  /** The servers that {@code config} lets people in to. */
  List<McpServer> behind(ExternalAuthConfig config) {
    return servers.stream()
        .filter(
            server ->
                Binding.of(server, this::config).incoming().filter(config::equals).isPresent())
        .toList();
  }

  /** The servers of one URL, of which only the first can be there. */
  List<McpServer> at(String resourceUrl) {
    return servers.stream()
        .filter(server -> server.spec().resourceUrl().equals(resourceUrl))
        .toList();
  }

  Namespace withServers(List<McpServer> some) {
    return new Namespace(name, around, configs, some);
  }

  Namespace withConfig(ExternalAuthConfig more) {
    var all = new ArrayList<>(configs);
    all.add(more);
    return new Namespace(name, around, all, servers);
  }

  Scene scene(ExternalAuthConfig config) {
    return new Scene(config, servers, configs, configMaps());
  }

  /** Whether it was there before; what is not stored yet comes last. */
  static boolean isOlder(Metadata one, Metadata other) {
    return age().compare(one, other) < 0;
  }

  private Map<String, Map<String, String>> configMaps() {
    var known = new HashMap<String, Map<String, String>>();
    servers.stream()
        .flatMap(server -> server.spec().oidcConfig().flatMap(OidcSource::configMap).stream())
        .forEach(
            named ->
                around
                    .configMap(name, named.name())
                    .ifPresent(content -> known.put(named.name(), content)));
    return known;
  }

  private static List<McpServer> byAge(List<McpServer> servers) {
    return servers.stream().sorted(Comparator.comparing(McpServer::metadata, age())).toList();
  }

  private static Comparator<Metadata> age() {
    return Comparator.comparing((Metadata some) -> some.creationTimestamp().orElse("never"))
        .thenComparing(Metadata::name);
  }

  private static <T> List<T> others(List<T> all, Function<T, Metadata> metadata, Metadata judged) {
    return new ArrayList<>(
        all.stream().filter(one -> !metadata.apply(one).name().equals(judged.name())).toList());
  }
}
