package dev.keyturn.server;

import dev.keyturn.config.Catalogue;
import dev.keyturn.config.Catalogue.Field;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** Makes the reference of settings and the JSON schema of what the reader asks for. */
final class ConfigurationDocuments {
  private ConfigurationDocuments() {}

  /** The table of all settings. */
  static String table(Catalogue catalogue, Properties meanings) {
    return catalogue.fields().stream()
        .filter(field -> field.kind() != Catalogue.Kind.MAPPING)
        .map(field -> row(field, meanings))
        .collect(
            Collectors.joining(
                "\n", "| Setting | Value | Default | Means |\n|---|---|---|---|\n", "\n"));
  }

  private static String row(Field field, Properties meanings) {
    return "| `%s` | %s | %s | %s |"
        .formatted(
            field.path(),
            value(field),
            field.required()
                ? "required"
                : field
                    .otherwise()
                    .filter(text -> !text.isEmpty())
                    .map(t -> "`" + t + "`")
                    .orElse(""),
            meanings.getProperty(field.path(), ""));
  }

  private static String value(Field field) {
    return switch (field.kind()) {
      case TEXT -> "text";
      case WORD -> field.words().stream().map(w -> "`" + w + "`").collect(Collectors.joining(", "));
      case FLAG -> "`true` or `false`";
      case NUMBER -> "number, " + bounds(field);
      case DURATION -> "duration, " + bounds(field);
      case URL -> "URL";
      case FILE -> "file name";
      case TEXTS -> "list of text";
      case FILES -> "list of file names";
      case TEXT_MAP -> "mapping of names to text";
      case MAPPING -> "mapping";
      case MAPPINGS -> "list of mappings";
    };
  }

  private static String bounds(Field field) {
    return "`" + field.least().orElse("") + "` to `" + field.most().orElse("") + "`";
  }

  /** The JSON schema, for editors. */
  static JsonObject schema(Catalogue catalogue, Properties meanings) {
    var root = object();
    catalogue
        .fields()
        .forEach(field -> put(root, List.of(field.path().split("\\.")), field, meanings));
    return new JsonObject()
        .put("$schema", "https://json-schema.org/draft/2020-12/schema")
        .put("title", "Keyturn run configuration")
        .mergeIn(root);
  }

  private static void put(JsonObject parent, List<String> path, Field field, Properties meanings) {
    var name = path.get(0).replace("[]", "");
    var properties = parent.getJsonObject("properties");
    if (path.size() == 1) {
      var known = properties.getJsonObject(name);
      var made = property(field, meanings);
      properties.put(name, known == null ? made : known.mergeIn(made));
      if (field.required()) {
        parent.put("required", parent.getJsonArray("required", new JsonArray()).add(name));
      }
      return;
    }
    var list = path.get(0).endsWith("[]");
    var next = properties.getJsonObject(name);
    if (next == null) {
      next = list ? new JsonObject().put("type", "array").put("items", object()) : object();
      properties.put(name, next);
    }
    put(list ? next.getJsonObject("items") : next, path.subList(1, path.size()), field, meanings);
  }

  private static JsonObject property(Field field, Properties meanings) {
    var property =
        switch (field.kind()) {
          case FLAG -> new JsonObject().put("type", "boolean");
          case NUMBER ->
              new JsonObject()
                  .put("type", "integer")
                  .put("minimum", Long.parseLong(field.least().orElse("0")))
                  .put("maximum", Long.parseLong(field.most().orElse("0")));
          case TEXTS, FILES ->
              new JsonObject()
                  .put("type", "array")
                  .put("items", new JsonObject().put("type", "string"));
          case TEXT_MAP ->
              new JsonObject()
                  .put("type", "object")
                  .put("additionalProperties", new JsonObject().put("type", "string"));
          case MAPPING -> object();
          case MAPPINGS -> new JsonObject().put("type", "array").put("items", object());
          case WORD ->
              new JsonObject().put("type", "string").put("enum", new JsonArray(field.words()));
          default -> new JsonObject().put("type", "string");
        };
    var meaning = meanings.getProperty(field.path());
    return meaning == null ? property : property.put("description", meaning);
  }

  private static JsonObject object() {
    return new JsonObject()
        .put("type", "object")
        .put("additionalProperties", false)
        .put("properties", new JsonObject());
  }
}
