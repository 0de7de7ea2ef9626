package dev.keyturn.operator.rules;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.Resources;
import dev.keyturn.operator.rules.Reference.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds everything that a resource names, by the shape of its fields. */
final class References {
  private final List<Reference> found = new ArrayList<>();

  private References() {}

  /**
   * All references below {@code spec}.
   *
   * @param resource a whole resource
   */
  static List<Reference> of(Object resource) {
    var references = new References();
    references.walk(new Resources().write(resource).path("spec"), "spec", "spec");
    return List.copyOf(references.found);
  }

  private void walk(JsonNode node, String name, String path) {
    if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        walk(node.get(i), name, path + "[" + i + "]");
      }
    } else if (!isReference(node, name, path)) {
      node.properties().forEach(e -> walk(e.getValue(), e.getKey(), path + "." + e.getKey()));
    }
  }

  /** A mapping of texts may have the same keys, but its field has another kind of name. */
  private boolean isReference(JsonNode node, String name, String path) {
    var named = node.path("name");
    var key = node.path("key");
    var configMap = name.equals("configMap") || name.equals("configMapRef");
    if (!named.isTextual() || !(configMap || name.endsWith("Ref") || name.endsWith("Refs"))) {
      return false;
    }
    var kind = configMap ? Kind.CONFIG_MAP : key.isTextual() ? Kind.SECRET : Kind.CONFIG;
    found.add(
        new Reference(
            kind,
            named.textValue(),
            Optional.of(key).filter(JsonNode::isTextual).map(JsonNode::textValue),
            path));
    return true;
  }
}
