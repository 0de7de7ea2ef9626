package dev.keyturn.operator.convert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Takes away what our model has no component for, and names it.
 *
 * @param manifest where it stands
 * @param reasons why, for fields that are known there
 */
record Pruning(Manifest manifest, Map<String, String> reasons, List<Loss> losses) {
  static final String NO_COUNTERPART = "has no counterpart";

  /** Leaves of {@code tree} what {@code type} is made of. */
  void prune(ObjectNode tree, Class<?> type, String path) {
    var lost = new ArrayList<String>();
    for (var field : tree.properties()) {
      var own = path + "." + field.getKey();
      component(type, field.getKey())
          .ifPresentOrElse(
              found -> inside(field.getValue(), found.getGenericType(), own),
              () -> {
                losses.add(manifest.loss(own, reasons.getOrDefault(general(own), NO_COUNTERPART)));
                lost.add(field.getKey());
              });
    }
    tree.remove(lost);
  }

  private void inside(JsonNode value, Type type, String path) {
    var inner = inner(type);
    if (!inner.isRecord()) {
      return;
    }
    if (value instanceof ObjectNode part && raw(type) != Map.class) {
      prune(part, inner, path);
    } else if (value instanceof ArrayNode parts) {
      for (int i = 0; i < parts.size(); i++) {
        if (parts.get(i) instanceof ObjectNode part) {
          prune(part, inner, path + "[" + i + "]");
        }
      }
    }
  }

  private static Optional<RecordComponent> component(Class<?> type, String name) {
    return Stream.of(type.getRecordComponents())
        .filter(component -> component.getName().equals(name))
        .findFirst();
  }

  private static String general(String path) {
    return path.replaceAll("\\[[0-9]+\\]", "[]");
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  /** What a list or an option is of. */
  private static Class<?> inner(Type type) {
    return type instanceof ParameterizedType generic
        ? inner(generic.getActualTypeArguments()[generic.getActualTypeArguments().length - 1])
        : (Class<?>) type;
  }
}
