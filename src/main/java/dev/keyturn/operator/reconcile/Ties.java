package dev.keyturn.operator.reconcile;

import static java.util.stream.Collectors.toCollection;

import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.AuthServerRef;
import dev.keyturn.operator.api.McpServerSpec.ExternalAuthConfigRef;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Stream;

/** Which configs a server names. */
final class Ties {
  private Ties() {}

  /** Their names, the one that says who may come in first. */
  static Set<String> of(McpServer server) {
    return Stream.concat(
            server.spec().authServerRef().map(AuthServerRef::name).stream(),
            server.spec().externalAuthConfigRef().map(ExternalAuthConfigRef::name).stream())
        .collect(toCollection(LinkedHashSet::new));
  }
}
