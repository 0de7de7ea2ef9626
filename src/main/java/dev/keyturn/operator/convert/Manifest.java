package dev.keyturn.operator.convert;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** One object of a file. */
record Manifest(String file, JsonNode tree) {
  private static final String GROUP = "toolhive.stacklok.dev/";
  private static final int MAX_DEPTH = 50;

  /**
   * Every object of a text in YAML or JSON, those of a {@code List} one by one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static List<Manifest> read(String file, String text) {
    var manifests = new ArrayList<Manifest>();
    try {
      refuseAliases(text);
      try (MappingIterator<JsonNode> objects =
          mapper().readerFor(JsonNode.class).readValues(text)) {
        objects.forEachRemaining(tree -> add(file, tree, manifests));
      }
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(file + ": " + words(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory is always readable", e);
    } catch (RuntimeException e) {
      if (e.getCause() instanceof JsonProcessingException broken) {
        throw new IllegalArgumentException(file + ": " + words(broken), e);
      }
      throw e;
    }
    return manifests;
  }

  private static void add(String file, JsonNode tree, List<Manifest> manifests) {
    if (tree.path("kind").asText().equals("List")) {
      tree.path("items").forEach(item -> add(file, item, manifests));
    } else if (!tree.isNull() && !tree.isMissingNode()) {
      manifests.add(new Manifest(file, tree));
    }
  }

  /** They would be read as the text that is their name. */
  private static void refuseAliases(String text) throws IOException {
    try (var parser = mapper().createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
          throw new JsonParseException(parser, "aliases are not supported: repeat the value");
        }
      }
    }
  }

  private static ObjectMapper mapper() {
    var constraints = StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build();
    return new ObjectMapper(YAMLFactory.builder().streamReadConstraints(constraints).build())
        .configure(JsonParser.Feature.STRICT_DUPLICATE_DETECTION, true);
  }

  private static String words(JsonProcessingException e) {
    var place = e.getLocation();
    var where =
        place == null ? "" : "line " + place.getLineNr() + ", column " + place.getColumnNr() + ": ";
    return where + e.getOriginalMessage().lines().findFirst().orElse("broken document");
  }

  String kind() {
    return tree.path("kind").asText();
  }

  String name() {
    return tree.at("/metadata/name").asText();
  }

  String namespace() {
    return tree.at("/metadata/namespace").asText();
  }

  boolean isToolHives() {
    return tree.path("apiVersion").asText().startsWith(GROUP);
  }

  JsonNode spec() {
    return tree.path("spec");
  }

  /** That {@code field} is not carried over. */
  Loss loss(String field, String reason) {
    return new Loss(file, kind() + " " + name(), field, reason);
  }
}
