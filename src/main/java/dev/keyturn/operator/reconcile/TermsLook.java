package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.OidcSource;
import dev.keyturn.operator.objects.Digest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Looks at a ConfigMap in which audience and scopes of servers stand.
 *
 * <p>It is not ours, and nobody announces its changes. So it is read every now and then, once for
 * all that name it, and what names it is looked at only when it is another one than they have read.
 * A look at those would get all their Secrets, too.
 */
final class TermsLook {
  private static final Duration EVERY = Duration.ofMinutes(5);

  private final Stock stock;
  private final Hands hands;
  private final Board board;

  TermsLook(Stock stock, Hands hands, Board board) {
    this.stock = stock;
    this.hands = hands;
    this.board = board;
  }

  Look at(String namespace, String name) {
    var configs =
        stock.servers(namespace).stream()
            .filter(server -> names(server).contains(name))
            .flatMap(server -> Ties.of(server).stream())
            .map(config -> Key.config(namespace, config))
            .collect(Collectors.toSet());
    if (configs.isEmpty()) {
      return Look.DONE;
    }
    var now = digest(hands.configMap(namespace, name));
    var others =
        configs.stream()
            .filter(config -> board.terms(config, name).filter(had -> !had.equals(now)).isPresent())
            .collect(Collectors.toSet());
    return new Look(false, Optional.of(EVERY), others);
  }

  /** The ConfigMaps that some servers name, as they are now. */
  static Map<String, String> read(List<McpServer> servers, Surround around, String namespace) {
    var digests = new TreeMap<String, String>();
    servers.stream()
        .flatMap(server -> names(server).stream())
        .forEach(name -> digests.put(name, digest(around.configMap(namespace, name))));
    return digests;
  }

  private static Set<String> names(McpServer server) {
    return server.spec().oidcConfig().flatMap(OidcSource::configMap).stream()
        .map(named -> named.name())
        .collect(Collectors.toSet());
  }

  private static String digest(Optional<Map<String, String>> content) {
    return content.map(entries -> Digest.of(new TreeMap<>(entries).toString())).orElse("");
  }
}
