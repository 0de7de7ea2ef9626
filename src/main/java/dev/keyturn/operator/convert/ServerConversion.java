package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Converts {@code MCPServer} and {@code MCPRemoteProxy}, which are both an MCP server here. */
final class ServerConversion {
  private static final String PORT_REASON = "the port of the gateway is its own";
  private static final String TELEMETRY = "metrics and traces are those of Keyturn";
  private static final String POD = "the pod is made by the operator";

  /** Fields that are known there and mean nothing here. */
  private static final Map<String, String> REASONS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("proxyPort", PORT_REASON),
              Map.entry("port", PORT_REASON),
              Map.entry("proxyMode", "the transport of the server is the transport of clients"),
              Map.entry("telemetry", TELEMETRY),
              Map.entry("telemetryConfigRef", TELEMETRY),
              Map.entry("audit", "audit events are always written"),
              Map.entry("toolConfigRef", "tools are not filtered or renamed"),
              Map.entry("permissionProfile", "a NetworkPolicy closes the server to all but us"),
              Map.entry("podTemplateSpec", POD),
              Map.entry("resourceOverrides", POD),
              Map.entry("serviceAccount", "pods have no permission and no token"),
              Map.entry("volumes", "servers that are run here have no volumes"),
              Map.entry("imagePullPolicy", POD),
              Map.entry("groupRef", "there are no groups"),
              Map.entry("endpointPrefix", "the path is that of resourceUrl"),
              Map.entry("trustProxyHeaders", "trusted proxies are a setting of the gateway"),
              Map.entry("headerForward", "headers that a client may not send are not forwarded"),
              Map.entry("backendReplicas", "an image runs once"),
              Map.entry("sessionStorage", "sessions are kept by storage of the config"),
              Map.entry("sessionAffinity", "any replica serves any request"),
              Map.entry("rateLimiting", "limits are settings of the gateway"),
              Map.entry("webhookConfigRef", "requests are not passed to webhooks")));

  private static final Set<String> HANDLED =
      Set.of(
          "image",
          "remoteUrl",
          "remoteURL",
          "transport",
          "mcpPort",
          "targetPort",
          "args",
          "env",
          "secrets",
          "resources",
          "oidcConfig",
          "oidcConfigRef",
          "authServerRef",
          "externalAuthConfigRef",
          "replicas");

  private final Manifest manifest;
  private final List<Loss> losses;
  private final ObjectNode spec = JsonNodeFactory.instance.objectNode();

  private ServerConversion(Manifest manifest, List<Loss> losses) {
    this.manifest = manifest;
    this.losses = losses;
  }

  /** Empty where there is no counterpart at all. */
  static Optional<ObjectNode> convert(Manifest manifest, List<Loss> losses) {
    return new ServerConversion(manifest, losses).convert();
  }

  private Optional<ObjectNode> convert() {
    var theirs = manifest.spec();
    var remote = manifest.kind().equals("MCPRemoteProxy");
    var transport = theirs.path("transport").asText(remote ? "streamable-http" : "stdio");
    if (transport.equals("stdio")) {
      return nothing("spec.transport", "stdio has no network to guard; left out it is stdio");
    }
    for (var policies : List.of("authzConfig", "authzConfigRef")) {
      if (theirs.has(policies)) {
        return nothing("spec." + policies, "there are no policies, and without them more is open");
      }
    }
    var terms = new OidcTerms(manifest, losses);
    if (terms.resourceUrl().isEmpty()) {
      return nothing(terms.field(), "is missing: the URL by which clients reach the server");
    }
    place(theirs, remote);
    spec.put("transport", transport);
    copy(theirs, "args");
    environment(theirs);
    copy(theirs, "resources");
    terms.write(spec);
    copy(theirs, "authServerRef");
    copy(theirs, "externalAuthConfigRef");
    copy(theirs, "replicas");
    nameOthers(theirs);
    var ours = JsonNodeFactory.instance.objectNode();
    Conversion.head(ours, manifest, McpServer.KIND);
    new Pruning(manifest, Map.of(), losses).prune(spec, McpServerSpec.class, "spec");
    ours.set("spec", spec);
    return Optional.of(ours);
  }

  private Optional<ObjectNode> nothing(String field, String reason) {
    losses.add(manifest.loss(field, reason));
    return Optional.empty();
  }

  private void place(JsonNode theirs, boolean remote) {
    if (remote) {
      spec.set("url", theirs.has("remoteUrl") ? theirs.get("remoteUrl") : theirs.path("remoteURL"));
      return;
    }
    copy(theirs, "image");
    var port = theirs.has("mcpPort") ? theirs.get("mcpPort") : theirs.path("targetPort");
    if (!port.isMissingNode()) {
      spec.set("mcpPort", port);
    }
  }

  /** There secrets are a list of their own; here they are variables like others. */
  private void environment(JsonNode theirs) {
    var env = spec.putArray("env");
    theirs.path("env").forEach(env::add);
    for (var secret : theirs.path("secrets")) {
      var key = secret.path("key").asText();
      variable(env, secret.path("targetEnvName").asText(key))
          .putObject("secretRef")
          .put("name", secret.path("name").asText())
          .put("key", key);
    }
    if (env.isEmpty()) {
      spec.remove("env");
    }
  }

  private static ObjectNode variable(ArrayNode env, String name) {
    return env.addObject().put("name", name);
  }

  private void copy(JsonNode theirs, String field) {
    if (theirs.has(field)) {
      spec.set(field, theirs.get(field).deepCopy());
    }
  }

  private void nameOthers(JsonNode theirs) {
    for (var field : theirs.properties()) {
      if (!HANDLED.contains(field.getKey())) {
        var reason = REASONS.getOrDefault(field.getKey(), Pruning.NO_COUNTERPART);
        losses.add(manifest.loss("spec." + field.getKey(), reason));
      }
    }
  }
}
