package dev.keyturn.operator.rules;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.api.UpstreamInject;

/** Resources with nothing wrong about them, in the place of those that are not there yet. */
final class StandIn {
  /** No resource can have this name. */
  private static final String NAME = "-";

  private StandIn() {}

  /** A server that {@code config} lets people in to. */
  static McpServer behind(ExternalAuthConfig config) {
    return server(config.metadata().name());
  }

  /** A server that is given what {@code outgoing} says; {@link #before} lets people in to it. */
  static McpServer given(ExternalAuthConfig outgoing) {
    var server = new Resources().write(server(NAME));
    var nodes = JsonNodeFactory.instance;
    server
        .withObject("/spec")
        .set("externalAuthConfigRef", nodes.objectNode().put("name", outgoing.metadata().name()));
    return new Resources().read(server, McpServer.class);
  }

  /** Lets people in to that server, by a provider of the name that {@code outgoing} wants. */
  static ExternalAuthConfig before(ExternalAuthConfig outgoing) {
    var provider =
        outgoing.spec().upstreamInject().map(UpstreamInject::providerName).orElse("provider");
    var config = resource(ExternalAuthConfig.KIND);
    var spec = config.putObject("spec").put("type", "embeddedAuthServer");
    var embedded = spec.putObject("embeddedAuthServer");
    embedded.put("issuer", "https://mcp.example.com");
    var upstream = embedded.putArray("upstreamProviders").addObject();
    upstream.put("name", provider).put("type", "oidc");
    upstream
        .putObject("oidcConfig")
        .put("issuerUrl", "https://login.example.com")
        .put("clientId", "keyturn");
    return new Resources().read(config, ExternalAuthConfig.class);
  }

  private static McpServer server(String config) {
    var server = resource(McpServer.KIND);
    var spec = server.putObject("spec");
    spec.put("url", "http://127.0.0.1/")
        .put("transport", "streamable-http")
        .put("resourceUrl", "https://mcp.example.com/mcp");
    spec.putObject("authServerRef").put("kind", ExternalAuthConfig.KIND).put("name", config);
    return new Resources().read(server, McpServer.class);
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode resource(String kind) {
    var resource = JsonNodeFactory.instance.objectNode();
    resource.put("apiVersion", Resources.API_VERSION).put("kind", kind);
    resource.putObject("metadata").put("name", NAME);
    return resource;
  }
}
