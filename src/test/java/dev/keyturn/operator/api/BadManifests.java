package dev.keyturn.operator.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The table {@code bad-manifests.psv}: what is wrong with a manifest, which door refuses it, and
 * what is said there.
 *
 * <p>A line is {@code door | good manifest | place in it | what is written there | message}. Doors
 * are {@code strict} (unknown fields), {@code schema} and {@code cel} on creation, {@code update}
 * on changing the good one, {@code webhook}, and {@code condition}, which is a warning of the
 * webhook until what is missing is there. What is written is YAML; a mapping is merged into what
 * stands there, and {@code null} takes a field away.
 */
public final class BadManifests {
  static final Path FOLDER = Path.of("src/test/resources/dev/keyturn/operator");

  private BadManifests() {}

  /** One line. */
  public record Row(
      int line, String door, String good, String place, String written, String message) {
    /** The manifest that is refused. */
    public JsonNode manifest() {
      return patched(BadManifests.good(good), place, yaml(written));
    }

    /** What is said; there are two where one mistake breaks two rules. */
    public String[] messages() {
      return message.split(" && ");
    }

    @Override
    public String toString() {
      return "line " + line + ": " + message;
    }
  }

  /** The lines of some doors. */
  public static List<Row> rows(String... doors) {
    return rows().filter(row -> List.of(doors).contains(row.door())).toList();
  }

  static Stream<Row> rows() {
    var lines = read(FOLDER.resolve("bad-manifests.psv")).lines().toList();
    return Stream.iterate(0, i -> i < lines.size(), i -> i + 1)
        .filter(i -> !lines.get(i).isBlank() && !lines.get(i).startsWith("#"))
        .map(i -> row(i + 1, lines.get(i).split("\\|", 5)));
  }

  private static Row row(int line, String[] cells) {
    return new Row(line, cells[0], cells[1], cells[2], cells[3], cells[4]);
  }

  /** A manifest of the folder {@code good}. */
  public static JsonNode good(String name) {
    return yaml(read(FOLDER.resolve("good/" + name + ".yaml")));
  }

  static JsonNode good(Path file) {
    return yaml(read(file));
  }

  static List<Path> good() {
    return Crd.files(FOLDER.resolve("good"));
  }

  static JsonNode yaml(String text) {
    try {
      return new YAMLMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(text, e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonNode patched(JsonNode object, String place, JsonNode written) {
    var steps = place.replace("[", ".[").split("\\.", -1);
    var holder = object;
    for (int i = 0; i < steps.length - 1; i++) {
      holder = step(holder, steps[i]);
    }
    var last = steps[steps.length - 1];
    if (holder instanceof ArrayNode array) {
      var index = Integer.parseInt(last.substring(1, last.length() - 1));
      array.set(index, merged(array.get(index), written));
    } else {
      ((ObjectNode) holder).set(last, merged(holder.path(last), written));
    }
    return object;
  }

  private static JsonNode step(JsonNode holder, String step) {
    if (step.startsWith("[")) {
      return holder.get(Integer.parseInt(step.substring(1, step.length() - 1)));
    }
    return holder.isObject() && !holder.has(step)
        ? ((ObjectNode) holder).putObject(step)
        : holder.get(step);
  }

  private static JsonNode merged(JsonNode there, JsonNode written) {
    if (!(there instanceof ObjectNode object) || !written.isObject()) {
      return written;
    }
    for (var field : written.properties()) {
      if (field.getValue().isNull()) {
        object.remove(field.getKey());
      } else {
        object.set(field.getKey(), merged(object.path(field.getKey()), field.getValue()));
      }
    }
    return object;
  }
}
