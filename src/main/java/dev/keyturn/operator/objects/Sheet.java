package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Makes objects with what all of them have: a name, labels by which ours are found, an owner. */
final class Sheet {
  static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  static final String NAME = "app.kubernetes.io/name";
  static final String INSTANCE = "app.kubernetes.io/instance";

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Owner owner;
  private final Map<String, String> labels;

  /**
   * @param labels by which the pods are found
   */
  Sheet(Owner owner, Map<String, String> labels) {
    this.owner = owner;
    this.labels = new TreeMap<>(labels);
  }

  /** A new object. */
  ObjectNode object(String apiVersion, String kind, String name) {
    var object = NODES.objectNode().put("apiVersion", apiVersion).put("kind", kind);
    object.putObject("metadata");
    return named(object, name);
  }

  /** An object of which a part is written down. */
  ObjectNode template(String file, String name) {
    var object = read(file);
    object.withObject("/spec/selector").set("matchLabels", selector());
    object.withObject("/spec/template/metadata").set("labels", labels());
    return named(object, name);
  }

  /** What finds the pods. */
  ObjectNode selector() {
    var selector = NODES.objectNode();
    labels.forEach(selector::put);
    return selector;
  }

  /** The same as one text. */
  static String text(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> label.getKey() + "=" + label.getValue())
            .collect(java.util.stream.Collectors.joining(","));
  }

  private ObjectNode labels() {
    return selector().put(MANAGED_BY, Made.MANAGER);
  }

  private ObjectNode named(ObjectNode object, String name) {
    var metadata = object.withObject("/metadata");
    metadata.put("name", name).put("namespace", owner.namespace());
    metadata.set("labels", labels());
    metadata.putArray("ownerReferences").add(owner.reference());
    return object;
  }

  private static ObjectNode read(String file) {
    try (var resource = Sheet.class.getResourceAsStream(file)) {
      JsonNode tree = new YAMLMapper().readTree(Objects.requireNonNull(resource, file));
      return (ObjectNode) tree;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
