package dev.keyturn.bench;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Prints what was done, one JSON object a line. */
final class Steps {
  private Steps() {}

  @SuppressWarnings("SystemOut")
  static void say(String step, JsonObject details) {
    System.out.println(new JsonObject().put("step", step).mergeIn(details).encode());
  }

  /** The median and the worst of some times. */
  static JsonObject spread(List<Duration> times) {
    var sorted = new ArrayList<>(times);
    sorted.sort(null);
    var json = new JsonObject().put("count", sorted.size());
    return sorted.isEmpty()
        ? json
        : json.put("median_ms", sorted.get(sorted.size() / 2).toMillis())
            .put("worst_ms", sorted.get(sorted.size() - 1).toMillis());
  }
}
