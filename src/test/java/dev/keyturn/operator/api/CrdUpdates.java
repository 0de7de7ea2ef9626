package dev.keyturn.operator.api;

import static dev.keyturn.operator.api.Crd.list;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of a definition would break objects and clients of an earlier one.
 *
 * <p>Within a version a field may come, a bound may widen and a word may be added. Nothing else.
 */
final class CrdUpdates {
  /** Bounds, and whether a larger one admits less. */
  private static final Map<String, Boolean> BOUNDS =
      Map.of(
          "minimum", true,
          "minLength", true,
          "minItems", true,
          "minProperties", true,
          "maximum", false,
          "maxLength", false,
          "maxItems", false,
          "maxProperties", false);

  private final List<String> findings = new ArrayList<>();

  private CrdUpdates() {}

  /** Each thing that breaks; empty if the new definition takes all that the old one took. */
  static List<String> breaking(JsonNode old, JsonNode fresh) {
    var updates = new CrdUpdates();
    updates.compare(old, fresh, "");
    return updates.findings;
  }

  private void compare(JsonNode old, JsonNode fresh, String path) {
    for (var word :
        List.of("type", "x-kubernetes-list-type", "x-kubernetes-list-map-keys", "format")) {
      if (!old.path(word).equals(fresh.path(word))) {
        findings.add(path + " has another " + word);
      }
    }
    required(old, fresh, path);
    bounds(old, fresh, path);
    words(old, fresh, path);
    for (var field : old.path("properties").properties()) {
      var below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      var now = fresh.path("properties").path(field.getKey());
      if (now.isMissingNode()) {
        findings.add(below + " is gone");
      } else {
        compare(field.getValue(), now, below);
      }
    }
    if (old.has("items")) {
      compare(old.get("items"), fresh.path("items"), path + "[]");
    }
    if (old.path("additionalProperties").isObject()) {
      compare(old.get("additionalProperties"), fresh.path("additionalProperties"), path + "{}");
    }
  }

  private void required(JsonNode old, JsonNode fresh, String path) {
    var before = texts(old.path("required"));
    texts(fresh.path("required")).stream()
        .filter(name -> !before.contains(name))
        .forEach(name -> findings.add(path + "." + name + " must be there now"));
  }

  private void bounds(JsonNode old, JsonNode fresh, String path) {
    BOUNDS.forEach(
        (bound, lower) -> {
          if (fresh.has(bound) && isNarrower(old.path(bound), fresh.get(bound), lower)) {
            findings.add(path + " has a narrower " + bound);
          }
        });
  }

  private static boolean isNarrower(JsonNode old, JsonNode fresh, boolean lower) {
    return old.isMissingNode()
        || (lower ? fresh.asLong() > old.asLong() : fresh.asLong() < old.asLong());
  }

  private void words(JsonNode old, JsonNode fresh, String path) {
    var after = texts(fresh.path("enum"));
    if (fresh.has("enum") && !old.has("enum")) {
      findings.add(path + " takes only some words now");
    }
    texts(old.path("enum")).stream()
        .filter(word -> fresh.has("enum") && !after.contains(word))
        .forEach(word -> findings.add(path + " does not take " + word + " any more"));
  }

  private static Set<String> texts(JsonNode array) {
    return list(array).stream().map(JsonNode::asText).collect(Collectors.toSet());
  }
}
