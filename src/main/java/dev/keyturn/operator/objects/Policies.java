package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Who may reach which pods. It takes a network plugin that enforces it. */
final class Policies {
  private static final String NAMESPACE = "kubernetes.io/metadata.name";

  private final Settings settings;

  Policies(Settings settings) {
    this.settings = settings;
  }

  /** Anybody asks a Keyturn; its management port is for the operator and for monitoring. */
  ObjectNode keyturn(Sheet sheet, String name) {
    var policy = policy(sheet, name);
    var ingress = policy.withObject("/spec").putArray("ingress");
    ports(ingress.addObject(), "http");
    var management = ingress.addObject();
    var from = management.putArray("from");
    var operator = from.addObject();
    namespace(operator, settings.operatorNamespace());
    operator.putObject("podSelector").putObject("matchLabels").put(Sheet.NAME, Made.MANAGER);
    settings.monitoring().forEach(each -> namespace(from.addObject(), each));
    ports(management, "management");
    return policy;
  }

  /** An MCP server takes requests of its Keyturn only: whoever else reaches it needs no login. */
  ObjectNode server(Sheet sheet, String name, Iterable<String> keyturns) {
    var policy = policy(sheet, name);
    var ingress = policy.withObject("/spec").putArray("ingress");
    keyturns.forEach(
        keyturn -> {
          var rule = ingress.addObject();
          var labels =
              rule.putArray("from").addObject().putObject("podSelector").putObject("matchLabels");
          KeyturnObjects.labels(keyturn).forEach(labels::put);
          ports(rule, "mcp");
        });
    return policy;
  }

  private static ObjectNode policy(Sheet sheet, String name) {
    var policy = sheet.object("networking.k8s.io/v1", "NetworkPolicy", name);
    var spec = policy.putObject("spec");
    spec.putObject("podSelector").set("matchLabels", sheet.selector());
    spec.putArray("policyTypes").add("Ingress");
    return policy;
  }

  private static void namespace(ObjectNode from, String name) {
    from.putObject("namespaceSelector").putObject("matchLabels").put(NAMESPACE, name);
  }

  private static ArrayNode ports(ObjectNode rule, String port) {
    var ports = rule.putArray("ports");
    ports.addObject().put("port", port).put("protocol", "TCP");
    return ports;
  }
}
