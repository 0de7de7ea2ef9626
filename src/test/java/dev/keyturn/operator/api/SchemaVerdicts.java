package dev.keyturn.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an API server with the definitions of {@code deploy/crds} says to an object, found without
 * one.
 *
 * <p>Verdicts that a real server gave are recorded, and compared with these.
 */
final class SchemaVerdicts {
  private final CelRules rules = new CelRules();
  private final Map<String, JsonNode> schemas = new HashMap<>();

  SchemaVerdicts() {
    Crd.all().forEach(crd -> schemas.put(crd.kind(), crd.schema()));
  }

  /** What is said against making {@code object}; empty if it is accepted. */
  List<String> onCreate(JsonNode object) {
    return judge(object, Optional.empty());
  }

  /** What is said against {@code object} in the place of {@code old}. */
  List<String> onUpdate(JsonNode object, JsonNode old) {
    return judge(object, Optional.of(filledIn(old)));
  }

  /** What is said against making {@code object}, if all of its fields are known. */
  List<Complaint> complaints(JsonNode object) {
    return complaints(object, Optional.empty());
  }

  /** An object as it is stored, with defaults. */
  JsonNode filledIn(JsonNode object) {
    var filled = object.<JsonNode>deepCopy();
    StructuralSchema.fillIn(filled, schema(object));
    return filled;
  }

  private List<String> judge(JsonNode sent, Optional<JsonNode> old) {
    var unknown =
        StructuralSchema.unknown(sent.path("spec"), schema(sent).at("/properties/spec"), "spec");
    if (!unknown.isEmpty()) {
      return unknown.stream().map(field -> "unknown field \"" + field + "\"").sorted().toList();
    }
    return complaints(sent, old).stream().map(Complaint::text).distinct().sorted().toList();
  }

  private List<Complaint> complaints(JsonNode sent, Optional<JsonNode> old) {
    var object = filledIn(sent);
    var complaints = new ArrayList<>(StructuralSchema.judge(object, schema(sent)));
    if (complaints.stream().noneMatch(Complaint::blocks)) {
      complaints.addAll(rules.judge(object, old, schema(sent)));
    }
    return complaints;
  }

  private JsonNode schema(JsonNode object) {
    return schemas.get(object.path("kind").asText());
  }
}
