package dev.keyturn.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** A definition of {@code deploy/crds}, as a document. */
record Crd(JsonNode document) {
  static final Path FOLDER = Path.of("deploy/crds");

  /** The definition of {@code kind}. */
  static Crd of(String kind) {
    return all().stream().filter(crd -> crd.kind().equals(kind)).findFirst().orElseThrow();
  }

  static List<Crd> all() {
    return files(FOLDER).stream().map(Crd::read).toList();
  }

  static List<Path> files(Path folder) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  static Crd read(Path file) {
    try {
      return new Crd(new YAMLMapper().readTree(Files.readString(file)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  String kind() {
    return document.at("/spec/names/kind").asText();
  }

  String plural() {
    return document.at("/spec/names/plural").asText();
  }

  JsonNode version() {
    return document.at("/spec/versions/0");
  }

  JsonNode schema() {
    return version().at("/schema/openAPIV3Schema");
  }

  /** Every schema below, with the path by which people call it. */
  List<Place> places() {
    var places = new ArrayList<Place>();
    collect(new Place("", schema(), MissingNode.getInstance()), places);
    return places;
  }

  private static void collect(Place place, List<Place> places) {
    places.add(place);
    place.below().forEach(below -> collect(below, places));
  }

  /** The elements of an array. */
  static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  /**
   * A schema within a definition.
   *
   * @param path with {@code []} for entries of lists and {@code {}} for values of maps
   * @param parent the schema of what holds it
   */
  record Place(String path, JsonNode schema, JsonNode parent) {
    Stream<Place> below() {
      var fields =
          schema.path("properties").properties().stream()
              .map(field -> new Place(child(field.getKey()), field.getValue(), schema));
      var items =
          schema.has("items")
              ? Stream.of(new Place(path + "[]", schema.get("items"), schema))
              : Stream.<Place>empty();
      var values =
          schema.path("additionalProperties").isObject()
              ? Stream.of(new Place(path + "{}", schema.get("additionalProperties"), schema))
              : Stream.<Place>empty();
      return Stream.of(fields, items, values).flatMap(all -> all);
    }

    String name() {
      return path.substring(path.lastIndexOf('.') + 1).replaceAll("[\\[\\]{}]", "");
    }

    String type() {
      return schema.path("type").asText();
    }

    List<JsonNode> rules() {
      return list(schema.path("x-kubernetes-validations"));
    }

    /** What a rule says; of a message that is computed, its expression. */
    List<String> messages() {
      return rules().stream()
          .map(rule -> rule.path(rule.has("messageExpression") ? "messageExpression" : "message"))
          .map(JsonNode::asText)
          .toList();
    }

    boolean isRequired() {
      return list(parent.path("required")).stream().anyMatch(word -> word.asText().equals(name()));
    }

    @Override
    public String toString() {
      return path;
    }

    private String child(String field) {
      return path.isEmpty() ? field : path + "." + field;
    }
  }
}
