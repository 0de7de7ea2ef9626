package dev.keyturn.server;

import dev.keyturn.gateway.ProtectedResource;
import dev.keyturn.grant.Grant;
import dev.keyturn.http.Endpoint;
import dev.keyturn.token.SessionTokens;
import java.util.List;
import java.util.function.Function;

/**
 * What an embedder offers besides what the configuration says. It outlives every change of that.
 *
 * @param grants each is handed what writes tokens
 * @param resources protected resources of the embedder's own, whose metadata is published
 */
record Additions(
    List<Function<SessionTokens, Grant>> grants,
    List<Endpoint> endpoints,
    List<ProtectedResource> resources) {
  static final Additions NONE = new Additions(List.of(), List.of(), List.of());

  Additions {
    grants = List.copyOf(grants);
    endpoints = List.copyOf(endpoints);
    resources = List.copyOf(resources);
  }
}
