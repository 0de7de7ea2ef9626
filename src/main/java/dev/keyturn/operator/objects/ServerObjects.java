package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.EnvVar;
import dev.keyturn.operator.render.Names;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An MCP server that is run by its image: a Deployment, a Service, and a policy that lets only its
 * Keyturn in.
 */
public final class ServerObjects {
  private static final int PORT = 8080;

  private final Settings settings;

  public ServerObjects(Settings settings) {
    this.settings = settings;
  }

  /**
   * What is made for {@code server}, the Deployment last; nothing where it runs elsewhere.
   *
   * @param keyturn the Deployment of its Keyturn; without one nobody reaches it
   */
  public List<Made> of(McpServer server, Optional<String> keyturn) {
    return server.spec().image().map(image -> made(server, image, keyturn)).orElse(List.of());
  }

  private List<Made> made(McpServer server, String image, Optional<String> keyturn) {
    var name = Names.service(server.metadata().name());
    var sheet = new Sheet(Owner.of(server), labels(name));
    return List.of(
        Made.of(
            sheet.object("v1", "ServiceAccount", name).put("automountServiceAccountToken", false)),
        Made.of(service(server, sheet, name)),
        Made.of(new Policies(settings).server(sheet, name, keyturn.stream().toList())),
        Made.of(deployment(server, sheet, name, image)));
  }

  private static Map<String, String> labels(String name) {
    return new TreeMap<>(Map.of(Sheet.NAME, "mcp-server", Sheet.INSTANCE, name));
  }

  private static ObjectNode service(McpServer server, Sheet sheet, String name) {
    var service = sheet.object("v1", "Service", name);
    var spec = service.putObject("spec");
    spec.set("selector", sheet.selector());
    spec.putArray("ports")
        .addObject()
        .put("name", "mcp")
        .put("port", port(server))
        .put("protocol", "TCP")
        .put("targetPort", "mcp");
    return service;
  }

  private static ObjectNode deployment(McpServer server, Sheet sheet, String name, String image) {
    var deployment = sheet.template("server.yaml", name);
    var pod = deployment.withObject("/spec/template/spec");
    pod.put("serviceAccountName", name);
    var container = (ObjectNode) pod.at("/containers/0");
    container.put("image", image);
    server.spec().args().forEach(container.putArray("args")::add);
    var variables = container.putArray("env");
    server.spec().env().forEach(variable -> write(variable, variables.addObject()));
    container
        .putArray("ports")
        .addObject()
        .put("name", "mcp")
        .put("containerPort", port(server))
        .put("protocol", "TCP");
    container
        .putObject("readinessProbe")
        .put("periodSeconds", 5)
        .putObject("tcpSocket")
        .put("port", "mcp");
    server.spec().resources().ifPresent(needs -> container.set("resources", Needs.of(needs)));
    return deployment;
  }

  private static void write(EnvVar variable, ObjectNode to) {
    to.put("name", variable.name());
    variable.value().ifPresent(value -> to.put("value", value));
    variable
        .secretRef()
        .ifPresent(
            secret ->
                to.putObject("valueFrom")
                    .putObject("secretKeyRef")
                    .put("name", secret.name())
                    .put("key", secret.key()));
  }

  private static int port(McpServer server) {
    return server.spec().mcpPort().orElse(PORT);
  }
}
