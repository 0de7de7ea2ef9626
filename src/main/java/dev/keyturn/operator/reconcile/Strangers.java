package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.objects.Made;

/**
 * Objects of the names that ours are to have, which somebody else has made.
 *
 * <p>An apply that is forced would take them over, and the end of our resource would delete them.
 * Only what is labelled as ours is watched, so that it takes a question of its own, and only before
 * something is made. Whoever takes our label off an object of ours does not make it a stranger's.
 */
final class Strangers {
  private static final int UNPROCESSABLE = 422;

  private final Connection connection;

  Strangers(Connection connection) {
    this.connection = connection;
  }

  /** Throws where an object of that name is there and is none of ours. */
  void spare(Key object) {
    var kind = object.kind();
    if (kind == Kind.VOLUME) {
      // It has no owner, so nothing deletes it, and one that was made beforehand is welcome.
      return;
    }
    var path = kind.path(object.namespace()) + "?fieldSelector=metadata.name%3D" + object.name();
    var isStrange =
        connection.get(path, "list " + object).stream()
            .flatMap(list -> list.path("items").valueStream())
            .anyMatch(one -> !isOurs(one));
    if (isStrange) {
      throw new ApiException(
          UNPROCESSABLE,
          "%s %s is there already and is somebody else's: delete it, or give the resource another name"
              .formatted(kind.word(), object.name()));
    }
  }

  private static boolean isOurs(JsonNode object) {
    return Made.isLabelled(object)
        || object
            .at("/metadata/managedFields")
            .valueStream()
            .anyMatch(one -> one.path("manager").asText().equals(Made.MANAGER));
  }
}
