package dev.keyturn.operator.admission;

import dev.keyturn.operator.api.ConfigMapKeyRef;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.cluster.Cluster;
import dev.keyturn.operator.cluster.Requester;
import dev.keyturn.operator.rules.Reference;
import dev.keyturn.operator.rules.Reference.Kind;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Asks the cluster for what stands around a resource, and first who may see it. */
final class Surroundings {
  /** The most ConfigMaps of other servers that are looked into. */
  private static final int MAX_OTHERS = 100;

  private final Cluster cluster;
  private final String namespace;
  private final List<Reference> references;

  /**
   * @param references what the resource names that is judged
   */
  Surroundings(Cluster cluster, String namespace, List<Reference> references) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.references = List.copyOf(references);
  }

  /**
   * The Secrets that are named and that {@code requester} may not get, there or not.
   *
   * <p>Whoever may not see a Secret could otherwise learn from our answers what it holds, or have
   * it mounted into an image of their own.
   */
  Future<List<Reference>> hiddenFrom(Requester requester) {
    return each(names(Kind.SECRET), name -> cluster.mayGetSecret(requester, namespace, name))
        .map(
            allowed ->
                of(Kind.SECRET).stream()
                    .filter(reference -> !allowed.getOrDefault(reference.name(), false))
                    .toList());
  }

  /** All of it. Only for whom nothing is hidden. */
  Future<Around> fetch() {
    var secrets = each(names(Kind.SECRET), name -> cluster.secret(namespace, name));
    var configs = cluster.configs(namespace);
    var servers = cluster.servers(namespace);
    var maps = servers.compose(all -> each(maps(all), name -> cluster.configMap(namespace, name)));
    return Future.all(secrets, maps, configs, servers)
        .map(
            done ->
                new Around(
                    namespace,
                    present(secrets.result()),
                    present(maps.result()),
                    configs.result(),
                    servers.result()));
  }

  private List<Reference> of(Kind kind) {
    return references.stream().filter(reference -> reference.kind() == kind).toList();
  }

  private List<String> names(Kind kind) {
    return of(kind).stream().map(Reference::name).distinct().toList();
  }

  /** A config is judged with its servers, whose audience may stand in a ConfigMap. */
  private List<String> maps(List<McpServer> servers) {
    var others =
        servers.stream()
            .flatMap(server -> server.spec().oidcConfig().stream())
            .flatMap(source -> source.configMap().stream())
            .map(ConfigMapKeyRef::name)
            .distinct()
            .limit(MAX_OTHERS);
    return Stream.concat(names(Kind.CONFIG_MAP).stream(), others).distinct().toList();
  }

  private static <T> Future<Map<String, T>> each(
      List<String> names, Function<String, Future<T>> ask) {
    var answers = new HashMap<String, T>();
    var asked = new ArrayList<Future<?>>();
    names.forEach(name -> asked.add(ask.apply(name).onSuccess(it -> answers.put(name, it))));
    return Future.all(asked).map(answers);
  }

  private static <T> Map<String, T> present(Map<String, Optional<T>> found) {
    var present = new HashMap<String, T>();
    found.forEach((name, content) -> content.ifPresent(it -> present.put(name, it)));
    return present;
  }
}
