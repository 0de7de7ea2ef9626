package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What manifests say of each other. */
final class Ties {
  private static final String FOREIGN = "tokens of other issuers are not accepted";

  private final List<Manifest> all;

  Ties(List<Manifest> all) {
    this.all = List.copyOf(all);
  }

  /** The servers among {@code converted} to which nobody could ever come in, and why. */
  Map<Manifest, Loss> closed(Collection<Manifest> converted) {
    var closed = new LinkedHashMap<Manifest, Loss>();
    converted.stream()
        .filter(manifest -> !manifest.kind().equals("MCPExternalAuthConfig"))
        .filter(server -> !mayBeOpen(server))
        .forEach(
            server ->
                closed.put(
                    server,
                    server.loss(
                        "spec.authServerRef", "names no authorization server, and " + FOREIGN)));
    return closed;
  }

  /** What {@code MCPOIDCConfig}, and what servers say in its place, expect and do not get. */
  List<Loss> expectations() {
    var losses = new ArrayList<Loss>();
    for (var manifest : all) {
      if (manifest.isToolHives() && manifest.kind().equals("MCPOIDCConfig")) {
        judge(manifest, losses);
      }
      issuer(manifest.spec().path("oidcConfig").path("inline"))
          .filter(issuer -> !issuerOf(manifest).map(issuer::equals).orElse(true))
          .ifPresent(issuer -> losses.add(manifest.loss("spec.oidcConfig.inline.issuer", FOREIGN)));
    }
    return losses;
  }

  private void judge(Manifest oidc, List<Loss> losses) {
    var servers =
        all.stream()
            .filter(server -> isNear(server, oidc))
            .filter(server -> name(server, "oidcConfigRef").equals(Optional.of(oidc.name())))
            .toList();
    if (servers.isEmpty()) {
      losses.add(oidc.loss("", "is named by no server here; audience and scopes stand there"));
    } else if (!oidc.spec().path("inline").isObject()) {
      losses.add(oidc.loss("spec.type", "tokens of service accounts are not accepted"));
    } else if (servers.stream().anyMatch(server -> !isIssuedFor(oidc, server))) {
      losses.add(oidc.loss("spec.inline.issuer", FOREIGN));
    }
  }

  private boolean isIssuedFor(Manifest oidc, Manifest server) {
    return issuer(oidc.spec().path("inline")).equals(issuerOf(server));
  }

  private static Optional<String> issuer(JsonNode terms) {
    return Optional.of(terms.path("issuer").asText()).filter(text -> !text.isEmpty());
  }

  /** The issuer of the authorization server before it; empty where that is not known here. */
  private Optional<String> issuerOf(Manifest server) {
    return incoming(server)
        .flatMap(name -> config(server, name))
        .flatMap(config -> issuer(config.spec().path("embeddedAuthServer")));
  }

  /** A config that is not here may be in another file. */
  private boolean mayBeOpen(Manifest server) {
    return incoming(server)
        .map(
            name ->
                config(server, name)
                    .map(config -> config.spec().has("embeddedAuthServer"))
                    .orElse(true))
        .orElse(false);
  }

  private static Optional<String> incoming(Manifest server) {
    return name(server, "authServerRef").or(() -> name(server, "externalAuthConfigRef"));
  }

  private static Optional<String> name(Manifest server, String reference) {
    var name = server.spec().path(reference).path("name").asText();
    return Optional.of(name).filter(text -> !text.isEmpty());
  }

  private Optional<Manifest> config(Manifest server, String name) {
    return all.stream()
        .filter(other -> other.kind().equals("MCPExternalAuthConfig") && isNear(server, other))
        .filter(other -> other.name().equals(name))
        .findFirst();
  }

  private static boolean isNear(Manifest one, Manifest other) {
    return one.isToolHives() && other.isToolHives() && one.namespace().equals(other.namespace());
  }
}
