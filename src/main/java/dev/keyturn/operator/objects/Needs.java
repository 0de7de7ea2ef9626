package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import java.util.Map;
import java.util.TreeMap;

/** What a container asks for and may take, as an object writes it. */
final class Needs {
  private Needs() {}

  static ObjectNode of(ResourceNeeds needs) {
    var tree = JsonNodeFactory.instance.objectNode();
    part(tree, "requests", needs.requests());
    part(tree, "limits", needs.limits());
    return tree;
  }

  private static void part(ObjectNode tree, String name, Map<String, String> amounts) {
    if (!amounts.isEmpty()) {
      new TreeMap<>(amounts).forEach(tree.putObject(name)::put);
    }
  }
}
