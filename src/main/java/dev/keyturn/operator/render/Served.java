package dev.keyturn.operator.render;

import dev.keyturn.oauth.Uris;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec;
import dev.keyturn.operator.api.McpServerSpec.OidcSource.Inline;
import dev.keyturn.operator.api.McpServerSpec.Transport;
import java.net.URI;
import java.util.Optional;

/**
 * A server that is to stand behind a deployment.
 *
 * @param stated what tokens for it look like, by its own words
 * @param place where those stand
 * @param outgoing what it is given; empty where the config for who comes in decides
 */
record Served(McpServer server, Inline stated, Place place, Optional<ExternalAuthConfig> outgoing) {
  private static final int PORT = 8080;

  String name() {
    return server.metadata().name();
  }

  String resource() {
    return server.spec().resourceUrl();
  }

  /** The issuer of a server that has one for itself. */
  String ownIssuer() {
    return resource().replaceAll("/+$", "");
  }

  /** Where clients reach it on the deployment. */
  String path() {
    // What is wrong with the identifier is said of it, not of this.
    return Uris.parse(resource())
        .map(URI::getRawPath)
        .map(path -> path.replaceAll("/+$", ""))
        .filter(plain -> !plain.isEmpty())
        .orElse("/");
  }

  /** Where the gateway reaches it, and the field that says so. */
  String url() {
    return server.spec().url().orElseGet(this::serviceUrl);
  }

  Place urlPlace() {
    return Place.of(server, server.spec().url().isPresent() ? "spec.url" : "spec.image");
  }

  private String serviceUrl() {
    McpServerSpec spec = server.spec();
    var usual = spec.transport() == Transport.SSE ? "/sse" : "/mcp";
    return "http://%s.%s.svc:%d%s"
        .formatted(
            Names.service(name()),
            server.metadata().namespace().orElse("default"),
            spec.mcpPort().orElse(PORT),
            spec.mcpPath().orElse(usual));
  }
}
