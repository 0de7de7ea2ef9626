package dev.keyturn.authorize;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;

/**
 * Accounts that are being linked to somebody who has logged in, one after the other.
 *
 * @param left the upstreams that are still to be asked, the next one first
 */
record Linking(Arrived arrived, List<String> left) {
  Linking {
    left = List.copyOf(left);
  }

  Optional<String> next() {
    return left.stream().findFirst();
  }

  /** The same without the next one, which was asked or is left out. */
  Linking after(Arrived now) {
    return new Linking(now, left.subList(1, left.size()));
  }

  JsonObject toJson() {
    return new JsonObject().put("arrived", arrived.toJson()).put("left", new JsonArray(left));
  }

  static Linking fromJson(JsonObject json) {
    return new Linking(
        Arrived.fromJson(json.getJsonObject("arrived")),
        json.getJsonArray("left").stream().map(String.class::cast).toList());
  }
}
