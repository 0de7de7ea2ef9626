package dev.keyturn.operator.api;

import static dev.keyturn.operator.api.Crd.list;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** The definitions, written by hand, and the records, written by hand, are about the same. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemasTest {
  private static final Map<String, Class<? extends Record>> RECORDS =
      Map.of(
          ExternalAuthConfig.KIND, ExternalAuthConfig.class,
          McpServer.KIND, McpServer.class);

  /** Its words are told by rules, which say why one is refused. */
  private static final Set<String> TOLD_BY_RULES = Set.of("spec.transport");

  /** The API server looks after these itself. */
  private static final Set<String> NOT_OURS = Set.of("apiVersion", "kind", "metadata");

  private final Map<Type, JsonNode> schemas = new HashMap<>();
  private final Set<String> differences = new TreeSet<>();

  @Test
  void every_field_is_a_component_and_every_component_a_field() {
    Crd.all().forEach(crd -> compare(RECORDS.get(crd.kind()), crd.schema(), ""));
    assertThat(differences).isEmpty();
  }

  @Test
  void a_type_has_the_same_schema_wherever_it_is_used() {
    Crd.all().forEach(crd -> compare(RECORDS.get(crd.kind()), crd.schema(), ""));
    assertThat(differences.stream().filter(text -> text.contains("elsewhere"))).isEmpty();
  }

  @Test
  void a_difference_is_found() {
    compare(ExternalAuthSpec.class, Crd.of(McpServer.KIND).schema().at("/properties/spec"), "spec");
    assertThat(differences).isNotEmpty();
  }

  private void compare(Type type, JsonNode schema, String path) {
    if (type instanceof ParameterizedType generic) {
      compareGeneric(generic, schema, path);
    } else if (type instanceof Class<?> known && known.isRecord()) {
      compareRecord(known, schema, path);
    } else if (type instanceof Class<?> known && known.isEnum()) {
      compareWords(known, schema, path);
    } else {
      expect(path, word(type), schema.path("type").asText());
    }
  }

  private void compareGeneric(ParameterizedType type, JsonNode schema, String path) {
    var arguments = type.getActualTypeArguments();
    if (type.getRawType().equals(Optional.class)) {
      compare(arguments[0], schema, path);
    } else if (type.getRawType().equals(List.class)) {
      expect(path, "array", schema.path("type").asText());
      compare(arguments[0], schema.path("items"), path + "[]");
    } else {
      expect(path, "object", schema.path("type").asText());
      compare(arguments[1], schema.path("additionalProperties"), path + "{}");
    }
  }

  private void compareRecord(Class<?> type, JsonNode schema, String path) {
    if (type.equals(Metadata.class)) {
      return;
    }
    var components = List.of(type.getRecordComponents());
    expect(
        path,
        sorted(components.stream().map(RecordComponent::getName)),
        sorted(schema.path("properties").properties().stream().map(Map.Entry::getKey)));
    var required = list(schema.path("required")).stream().map(JsonNode::asText).toList();
    for (var component : components) {
      var name = component.getName();
      var field = schema.path("properties").path(name);
      var below = path.isEmpty() ? name : path + "." + name;
      if (!NOT_OURS.contains(below)) {
        var absent = mayBeAbsent(component.getGenericType());
        if (absent && required.contains(name) && component.getType().equals(Optional.class)) {
          differences.add(below + " is required and Optional");
        }
        if (!absent && !required.contains(name) && !field.has("default")) {
          differences.add(below + " may be left out, which its record does not know");
        }
      }
      compare(component.getGenericType(), field, below);
    }
    compareWithOthers(type, schema, path);
  }

  /** What is said of a field differs by its place; what may stand there does not. */
  private void compareWithOthers(Class<?> type, JsonNode schema, String path) {
    var bare = bare(schema.deepCopy());
    var other = schemas.putIfAbsent(type, bare);
    if (other != null && !other.equals(bare)) {
      differences.add(path + " differs from the same type elsewhere");
    }
  }

  private static JsonNode bare(JsonNode schema) {
    if (schema instanceof ObjectNode object) {
      object.remove(List.of("description"));
    }
    schema.forEach(SchemasTest::bare);
    return schema;
  }

  private void compareWords(Class<?> type, JsonNode schema, String path) {
    if (!TOLD_BY_RULES.contains(path)) {
      expect(
          path,
          sorted(Stream.of(type.getEnumConstants()).map(SchemasTest::word)),
          sorted(list(schema.path("enum")).stream().map(JsonNode::asText)));
    }
  }

  private static String word(Object constant) {
    var name = ((Enum<?>) constant).name();
    return Arrays.stream(constant.getClass().getFields())
        .filter(field -> field.getName().equals(name))
        .flatMap(field -> Stream.ofNullable(field.getAnnotation(JsonProperty.class)))
        .map(JsonProperty::value)
        .findFirst()
        .orElse(name);
  }

  private static String sorted(Stream<String> words) {
    return words.sorted().toList().toString();
  }

  private static boolean mayBeAbsent(Type type) {
    return type instanceof ParameterizedType;
  }

  private static String word(Type type) {
    return Map.<Type, String>of(
            String.class, "string",
            boolean.class, "boolean",
            Boolean.class, "boolean",
            Integer.class, "integer",
            Long.class, "integer")
        .getOrDefault(type, type.getTypeName());
  }

  private void expect(String path, String wanted, String found) {
    if (!wanted.equals(found)) {
      differences.add(path + ": the record says " + wanted + ", the schema " + found);
    }
  }
}
