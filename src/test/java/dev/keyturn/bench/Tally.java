package dev.keyturn.bench;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** Counts what went well, and what did not by its reason. */
final class Tally {
  private static final int LONGEST = 400;
  private final ConcurrentMap<String, Integer> good = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Integer> bad = new ConcurrentHashMap<>();

  void good(String what) {
    good.merge(what, 1, Integer::sum);
  }

  void bad(String what, Object why) {
    var reason = what + ": " + why;
    bad.merge(reason.substring(0, Math.min(reason.length(), LONGEST)), 1, Integer::sum);
  }

  int failures() {
    return bad.values().stream().mapToInt(Integer::intValue).sum();
  }

  int successes() {
    return good.values().stream().mapToInt(Integer::intValue).sum();
  }

  JsonObject toJson() {
    var json = new JsonObject().put("failed", failures());
    Map<String, Integer> sorted = new TreeMap<>(good);
    sorted.forEach(json::put);
    return bad.isEmpty() ? json : json.put("reasons", new JsonObject(new TreeMap<>(bad)));
  }
}
