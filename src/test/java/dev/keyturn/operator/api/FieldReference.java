package dev.keyturn.operator.api;

import static dev.keyturn.operator.api.Crd.list;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.Crd.Place;
import java.util.stream.Collectors;

/** The fields of a definition as a table of Markdown. */
final class FieldReference {
  private FieldReference() {}

  /** The fields below {@code part}, such as {@code spec}. */
  static String table(Crd crd, String part) {
    var rows =
        crd.places().stream()
            .filter(place -> place.path().startsWith(part + "."))
            .filter(place -> !place.path().matches(".*(\\[]|\\{})"))
            .filter(place -> !isEntry(place.parent()))
            .map(place -> row(place, part))
            .collect(Collectors.joining());
    return "| Field | Value | Default | Means |\n|---|---|---|---|\n" + rows;
  }

  /** The definitions, each with its two parts. */
  static String all() {
    return Crd.all().stream()
        .map(
            crd ->
                "### %s\n\n%s Short: %s.\n\n%s\nStatus:\n\n%s\n"
                    .formatted(
                        crd.kind(),
                        crd.schema().path("description").asText(),
                        words(crd.document().at("/spec/names/shortNames")),
                        table(crd, "spec"),
                        table(crd, "status")))
        .collect(Collectors.joining());
  }

  private static String row(Place place, String part) {
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            place.path().substring(part.length() + 1),
            value(place.schema()),
            otherwise(place),
            place.schema().path("description").asText().replace("|", "\\|"));
  }

  private static String otherwise(Place place) {
    if (place.schema().has("default")) {
      return "`" + place.schema().get("default").asText() + "`";
    }
    return place.isRequired() ? "required" : "";
  }

  private static String value(JsonNode schema) {
    if (schema.has("enum")) {
      return words(schema.get("enum"));
    }
    return switch (schema.path("type").asText()) {
      case "boolean" -> "`true` or `false`";
      case "integer" -> "number, " + schema.get("minimum") + " to " + schema.get("maximum");
      case "array" ->
          "list of " + plural(schema.get("items")) + ", at most " + schema.get("maxItems");
      case "object" -> mapping(schema);
      default -> isDuration(schema) ? "duration" : "text";
    };
  }

  private static String mapping(JsonNode schema) {
    if (isEntry(schema)) {
      return "`name` and `key` in a " + holder(schema);
    }
    return schema.has("additionalProperties")
        ? "mapping of names to text, at most " + schema.get("maxProperties")
        : "mapping";
  }

  private static String plural(JsonNode items) {
    if (isEntry(items)) {
      return "`name` and `key` in a " + holder(items);
    }
    return items.path("type").asText().equals("object") ? "mappings" : value(items);
  }

  private static boolean isDuration(JsonNode schema) {
    return schema.path("x-kubernetes-validations").toString().contains("duration(");
  }

  /** Whether it names an entry of a Secret or ConfigMap. */
  private static boolean isEntry(JsonNode schema) {
    var fields = schema.path("properties");
    return fields.size() == 2 && fields.has("name") && fields.has("key");
  }

  private static String holder(JsonNode schema) {
    return schema.at("/properties/name/description").asText().contains("ConfigMap")
        ? "ConfigMap"
        : "Secret";
  }

  private static String words(JsonNode words) {
    return list(words).stream()
        .map(word -> "`" + word.asText() + "`")
        .collect(Collectors.joining(", "));
  }
}
