package dev.keyturn.operator.api;

import static dev.keyturn.operator.api.Crd.list;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What an API server does to an object before any rule: it refuses what no field is, fills in
 * defaults, and judges types, bounds, words and repetitions.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema">Structural
 *     schemas</a>
 */
final class StructuralSchema {
  private static final Map<String, String> KINDS =
      Map.of("OBJECT", "object", "ARRAY", "array", "STRING", "string", "BOOLEAN", "boolean");

  private final List<Complaint> complaints = new ArrayList<>();

  private StructuralSchema() {}

  /** Fields that the schema does not have, which strict decoding refuses. */
  static List<String> unknown(JsonNode value, JsonNode schema, String path) {
    var found = new ArrayList<String>();
    if (value.isObject() && schema.has("properties")) {
      for (var field : value.properties()) {
        var known = schema.at("/properties").get(field.getKey());
        var name = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
        if (known == null) {
          found.add(name);
        } else {
          found.addAll(unknown(field.getValue(), known, name));
        }
      }
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      found.addAll(unknown(value.get(i), schema.path("items"), path + "[" + i + "]"));
    }
    return found;
  }

  /** Fills in defaults; a null without leave to be null counts as left out. */
  static void fillIn(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (var field : schema.path("properties").properties()) {
        var otherwise = field.getValue().get("default");
        if (otherwise != null
            && (!object.has(field.getKey()) || object.get(field.getKey()).isNull())) {
          object.set(field.getKey(), otherwise.deepCopy());
        }
        if (object.has(field.getKey())) {
          fillIn(object.get(field.getKey()), field.getValue());
        }
      }
    }
    if (value.isArray()) {
      value.forEach(entry -> fillIn(entry, schema.path("items")));
    }
  }

  static List<Complaint> judge(JsonNode value, JsonNode schema) {
    var judge = new StructuralSchema();
    judge.any(value, schema, "");
    return judge.complaints;
  }

  private void any(JsonNode value, JsonNode schema, String path) {
    var type = schema.path("type").asText();
    if (!type.isEmpty() && !type.equals(kind(value))) {
      block(path, "%s in body must be of type %s: \"%s\"".formatted(path, type, kind(value)));
      return;
    }
    switch (type) {
      case "object" -> object(value, schema, path);
      case "array" -> array(value, schema, path);
      case "string" -> string(value.textValue(), schema, path);
      case "integer" -> integer(value.longValue(), schema, path);
      default -> {}
    }
  }

  private void object(JsonNode value, JsonNode schema, String path) {
    for (var name : list(schema.path("required"))) {
      if (!value.has(name.asText())) {
        block(child(path, name.asText()), "Required value");
      }
    }
    if (schema.has("maxProperties") && value.size() > schema.get("maxProperties").asInt()) {
      block(path, "must have at most %d items".formatted(schema.get("maxProperties").asInt()));
    }
    for (var field : value.properties()) {
      var known = schema.path("properties").get(field.getKey());
      if (known != null) {
        any(field.getValue(), known, child(path, field.getKey()));
      } else if (schema.path("additionalProperties").isObject()) {
        any(field.getValue(), schema.get("additionalProperties"), path + "." + field.getKey());
      }
    }
  }

  private void array(JsonNode value, JsonNode schema, String path) {
    if (schema.has("maxItems") && value.size() > schema.get("maxItems").asInt()) {
      block(path, "must have at most %d items".formatted(schema.get("maxItems").asInt()));
    }
    if (schema.has("minItems") && value.size() < schema.get("minItems").asInt()) {
      say(
          path,
          "%s in body should have at least %d items"
              .formatted(path, schema.get("minItems").asInt()));
    }
    var seen = new HashSet<JsonNode>();
    for (int i = 0; i < value.size(); i++) {
      any(value.get(i), schema.path("items"), path + "[" + i + "]");
      var key = key(value.get(i), schema);
      if (!schema.path("x-kubernetes-list-type").asText().equals("atomic") && !seen.add(key)) {
        say(path + "[" + i + "]", "Duplicate value: " + key);
      }
    }
  }

  private static JsonNode key(JsonNode entry, JsonNode schema) {
    var names =
        list(schema.path("x-kubernetes-list-map-keys")).stream()
            .map(JsonNode::asText)
            .collect(Collectors.toSet());
    return names.isEmpty() || !entry.isObject()
        ? entry
        : ((ObjectNode) entry.deepCopy()).retain(names);
  }

  private void string(String value, JsonNode schema, String path) {
    var length = value.codePointCount(0, value.length());
    if (schema.has("maxLength") && length > schema.get("maxLength").asInt()) {
      block(path, "Too long");
    }
    if (schema.has("minLength") && length < schema.get("minLength").asInt()) {
      say(
          path,
          "%s in body should be at least %d chars long"
              .formatted(path, schema.get("minLength").asInt()));
    }
    var words = list(schema.path("enum")).stream().map(JsonNode::asText).toList();
    if (!words.isEmpty() && !words.contains(value)) {
      block(
          path,
          "Unsupported value: \"%s\": supported values: %s"
              .formatted(
                  value,
                  words.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", "))));
    }
  }

  private void integer(long value, JsonNode schema, String path) {
    if (schema.has("minimum") && value < schema.get("minimum").asLong()) {
      say(
          path,
          "%s in body should be greater than or equal to %d"
              .formatted(path, schema.get("minimum").asLong()));
    }
    if (schema.has("maximum") && value > schema.get("maximum").asLong()) {
      say(
          path,
          "%s in body should be less than or equal to %d"
              .formatted(path, schema.get("maximum").asLong()));
    }
  }

  private void say(String path, String message) {
    complaints.add(Complaint.of(path, message));
  }

  private void block(String path, String message) {
    complaints.add(Complaint.blocking(path, message));
  }

  private static String child(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  private static String kind(JsonNode value) {
    if (value.isNumber()) {
      return value.isIntegralNumber() ? "integer" : "number";
    }
    return KINDS.getOrDefault(value.getNodeType().name(), "null");
  }

  /** The types that a schema may have. */
  static final Set<String> TYPES = Set.of("object", "array", "string", "boolean", "integer");
}
