package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Metadata;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Who depends on a config, whether or not it is understood what they are. */
record Dependants(Stock stock) {
  /** The servers that would be without it. */
  List<String> naming(String namespace, String config) {
    return naming(namespace, config, metadata -> true);
  }

  /** Those of them that are there to stay. */
  List<String> staying(String namespace, String config) {
    return naming(namespace, config, metadata -> !metadata.isBeingDeleted());
  }

  /** What is not understood and may want a part of what is made of {@code config}. */
  Optional<Unread> unread(ExternalAuthConfig config) {
    var namespace = config.metadata().namespace().orElse("default");
    var issuer = config.spec().embeddedAuthServer().flatMap(EmbeddedAuthServer::issuer);
    return stock.unread(namespace).stream()
        .filter(
            one ->
                one.names(config.metadata().name())
                    || (issuer.isPresent() && one.issuer().equals(issuer)))
        .findFirst();
  }

  private List<String> naming(String namespace, String config, Predicate<Metadata> wanted) {
    var known =
        stock.servers(namespace).stream()
            .filter(server -> Ties.of(server).contains(config))
            .map(McpServer::metadata);
    var unread =
        stock.unread(namespace).stream().filter(one -> one.names(config)).map(Unread::metadata);
    return Stream.concat(known, unread).filter(wanted).map(Metadata::name).toList();
  }
}
