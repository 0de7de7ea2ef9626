package dev.keyturn.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.operator.render.Remark.Weight;
import dev.keyturn.operator.render.Shape.Row;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Writes a mapping of a resource into the run configuration, by its shape.
 *
 * <p>A mapping without any field is written too: an empty {@code allow} admits nobody, and an empty
 * {@code tls} is TLS, whereas neither is so where they are left out.
 */
final class Writing {
  private final Set<Mount> mounts = new LinkedHashSet<>();
  private final List<Remark> remarks = new ArrayList<>();

  /** Every Secret and ConfigMap that was named. */
  Set<Mount> mounts() {
    return mounts;
  }

  /** What could not be written. */
  List<Remark> remarks() {
    return remarks;
  }

  void write(JsonNode from, Shape shape, Place place, ObjectNode to) {
    for (var field : from.properties()) {
      var row =
          shape
              .row(field.getKey())
              .orElseThrow(() -> new IllegalStateException("no row for " + field.getKey()));
      write(field.getValue(), row, place.at("." + field.getKey()), to);
    }
  }

  private void write(JsonNode value, Row row, Place place, ObjectNode to) {
    switch (row.kind()) {
      case COPY -> set(to, row.setting(), value);
      case FILE -> set(to, row.setting(), file(value));
      case CERTIFICATES -> set(to, row.setting(), certificates(value));
      case FILES -> set(to, row.setting(), files(value));
      case KEYS -> keys(value, at(to, row.setting()));
      case ALLOW -> allow(value, row, place, to);
      case PART -> inner(value, row, place, at(to, row.setting()));
      case PARTS -> parts(value, row, place, to.putArray(row.setting()));
      case LATER -> later(value, place);
      case INFERRED, OUTSIDE -> {}
    }
  }

  private void inner(JsonNode value, Row row, Place place, ObjectNode to) {
    write(value, row.inner().orElseThrow(), place, to);
  }

  private void parts(JsonNode list, Row row, Place place, ArrayNode to) {
    for (int i = 0; i < list.size(); i++) {
      inner(list.get(i), row, place.at("[" + i + "]"), to.addObject());
    }
  }

  /** Beside {@code anyone} nothing else may stand; where it does, the reader says what is wrong. */
  private void allow(JsonNode value, Row row, Place place, ObjectNode to) {
    if (value.path("anyone").asBoolean() && value.size() == 1) {
      to.put(row.setting(), "anyone");
      return;
    }
    if (value.path("anyone").asBoolean()) {
      remarks.add(
          place
              .at(".anyone")
              .remark(Weight.REFUSED, "stands beside a list", "write the one or the other"));
    }
    inner(value, row, place, to.putObject(row.setting()));
  }

  private void keys(JsonNode refs, ObjectNode to) {
    var files = files(refs);
    to.set("signing_key_file", files.remove(0));
    if (!files.isEmpty()) {
      to.set("fallback_key_files", files);
    }
  }

  private void later(JsonNode value, Place place) {
    var configMap = value.path("configMapRef").path("name");
    if (configMap.isTextual()) {
      mounts.add(Mount.configMap(configMap.textValue()));
    }
    remarks.add(place.remark(Weight.PENDING, "is not supported yet", ""));
  }

  private ArrayNode files(JsonNode refs) {
    var files = JsonNodeFactory.instance.arrayNode();
    refs.forEach(ref -> files.add(file(ref)));
    return files;
  }

  private JsonNode file(JsonNode ref) {
    return file(ref, Mount.secret(ref.path("name").asText()));
  }

  private JsonNode certificates(JsonNode bundle) {
    var ref = bundle.path("configMapRef");
    return file(ref, Mount.configMap(ref.path("name").asText()));
  }

  private JsonNode file(JsonNode ref, Mount mount) {
    mounts.add(mount);
    return JsonNodeFactory.instance.textNode(mount.path() + "/" + ref.path("key").asText());
  }

  private static void set(ObjectNode to, String setting, JsonNode value) {
    var dot = setting.lastIndexOf('.');
    var parent = dot < 0 ? to : at(to, setting.substring(0, dot));
    parent.set(setting.substring(dot + 1), value);
  }

  private static ObjectNode at(ObjectNode to, String setting) {
    return to.withObjectProperty(setting);
  }
}
