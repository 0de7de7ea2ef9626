package dev.keyturn.operator.objects;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * An object that is to be there as it is.
 *
 * @param kind as the object spells it
 * @param tree the whole object; nobody changes it
 */
public record Made(String kind, String namespace, String name, ObjectNode tree) {
  /** Who manages our objects, as their labels and their fields say. */
  public static final String MANAGER = "keyturn-operator";

  /** Finds everything that was made. */
  public static final String SELECTOR = Sheet.MANAGED_BY + "=" + MANAGER;

  /** Whether an object has the label by which ours are found. */
  public static boolean isLabelled(JsonNode object) {
    return object.at("/metadata/labels").path(Sheet.MANAGED_BY).asText().equals(MANAGER);
  }

  static Made of(ObjectNode tree) {
    return new Made(
        tree.path("kind").asText(),
        tree.at("/metadata/namespace").asText(),
        tree.at("/metadata/name").asText(),
        tree);
  }
}
