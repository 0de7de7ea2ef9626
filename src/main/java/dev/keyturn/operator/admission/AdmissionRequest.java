package dev.keyturn.operator.admission;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.cluster.Requester;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What somebody wants to have stored.
 *
 * @param object as it would be; missing when it is deleted
 * @param before as it is; missing when it is created
 */
record AdmissionRequest(
    Operation operation,
    Target target,
    String namespace,
    Requester requester,
    JsonNode object,
    JsonNode before) {

  /** What is done. */
  enum Operation {
    CREATE,
    UPDATE,
    DELETE,
    CONNECT
  }

  /** To which resource it is done, as a path of the API names it. */
  record Target(String group, String version, String resource, String subResource) {
    boolean isOurs() {
      return group.equals("keyturn.dev");
    }
  }

  /**
   * Reads a request.
   *
   * @throws IllegalArgumentException if a part is missing or of another kind
   */
  static AdmissionRequest of(JsonNode request) {
    var resource = request.path("resource");
    return new AdmissionRequest(
        operation(text(request, "operation")),
        new Target(
            text(resource, "group"),
            text(resource, "version"),
            text(resource, "resource"),
            text(request, "subResource")),
        text(request, "namespace"),
        requester(request.path("userInfo")),
        request.path("object"),
        request.path("oldObject"));
  }

  /**
   * Whether it is allowed whatever it says: deletions, parts that others keep, and whatever leaves
   * the specification as it was.
   *
   * <p>Were a finalizer or a status judged, a resource that has become bad could not even be
   * deleted.
   */
  boolean isNeverChecked() {
    return operation == Operation.DELETE
        || operation == Operation.CONNECT
        || !target.subResource.isEmpty()
        || isBeingDeleted()
        || (operation == Operation.UPDATE && object.path("spec").equals(before.path("spec")));
  }

  private boolean isBeingDeleted() {
    return before.path("metadata").hasNonNull("deletionTimestamp");
  }

  private static Operation operation(String text) {
    for (var operation : Operation.values()) {
      if (operation.name().equals(text)) {
        return operation;
      }
    }
    throw new IllegalArgumentException("the operation is unknown");
  }

  private static Requester requester(JsonNode user) {
    var extra = new TreeMap<String, List<String>>();
    for (var entry : user.path("extra").properties()) {
      extra.put(entry.getKey(), texts(entry.getValue()));
    }
    return new Requester(
        text(user, "username"), text(user, "uid"), texts(user.path("groups")), extra);
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    for (var one : list) {
      texts.add(textOf(one));
    }
    return List.copyOf(texts);
  }

  private static String text(JsonNode node, String field) {
    var value = node.path(field);
    return value.isMissingNode() || value.isNull() ? "" : textOf(value);
  }

  private static String textOf(JsonNode value) {
    if (!value.isTextual()) {
      throw new IllegalArgumentException("a part of the request that must be text is none");
    }
    return value.textValue();
  }
}
