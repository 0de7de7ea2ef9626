package dev.keyturn.bench;

import io.vertx.core.json.JsonObject;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How often everything happened, and why what is wrong happened first. */
final class SoakTally {
  private static final int LONGEST = 300;

  private final Map<SoakEvent, LongAdder> counts = new EnumMap<>(SoakEvent.class);
  private final Map<SoakEvent, String> reasons = new ConcurrentHashMap<>();

  SoakTally() {
    for (var event : SoakEvent.values()) {
      counts.put(event, new LongAdder());
    }
  }

  void count(SoakEvent event) {
    counts.get(event).increment();
  }

  /** The same with its reason, which holds no token. */
  void count(SoakEvent event, Object why) {
    var reason = String.valueOf(why);
    reasons.putIfAbsent(event, reason.substring(0, Math.min(reason.length(), LONGEST)));
    count(event);
  }

  long of(SoakEvent event) {
    return counts.get(event).sum();
  }

  String reason(SoakEvent event) {
    return reasons.getOrDefault(event, "");
  }

  JsonObject toJson() {
    var json = new JsonObject();
    counts.forEach((event, count) -> json.put(event.wire(), count.sum()));
    return json;
  }
}
