package dev.keyturn.operator.reconcile;

import dev.keyturn.operator.api.Condition;
import dev.keyturn.operator.api.Condition.Status;
import dev.keyturn.operator.reconcile.Hands.Notice;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is known of a resource, and since when; a change of it is worth an event. */
final class Conditions {
  private final Map<String, Condition> before = new LinkedHashMap<>();
  private final Map<String, Condition> now = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();
  private final Optional<Long> generation;
  private final Clock clock;

  Conditions(List<Condition> before, Optional<Long> generation, Clock clock) {
    before.forEach(condition -> this.before.put(condition.type(), condition));
    this.generation = generation;
    this.clock = clock;
  }

  /** Whether something holds, and why. */
  Conditions say(String type, boolean holds, String reason, String message) {
    return say(type, holds ? Status.TRUE : Status.FALSE, reason, message, holds);
  }

  /** That it does not hold yet, as is the course of things; at the start that is no news. */
  Conditions progress(String type, String reason, String message) {
    return say(type, Status.FALSE, reason, message, true);
  }

  /** That nobody can tell yet. */
  Conditions unknown(String type, String reason, String message) {
    return say(type, Status.UNKNOWN, reason, message, true);
  }

  /** The same, where it is bad that it holds. */
  Conditions warn(String type, boolean holds, String reason, String message) {
    return say(type, holds ? Status.TRUE : Status.FALSE, reason, message, !holds);
  }

  /** What was said before and still holds. */
  void keep(Condition condition) {
    now.put(condition.type(), condition);
  }

  List<Condition> all() {
    return List.copyOf(now.values());
  }

  /** What changed. */
  List<Notice> notices() {
    return List.copyOf(notices);
  }

  private Conditions say(String type, Status status, String reason, String message, boolean good) {
    var same = Optional.ofNullable(before.get(type)).filter(old -> old.status() == status);
    var since =
        same.map(Condition::lastTransitionTime)
            .orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
    now.put(type, new Condition(type, status, generation, since, reason, message));
    if (same.filter(old -> old.reason().equals(reason)).isEmpty() && status != Status.UNKNOWN) {
      note(type, reason, message, good);
    }
    return this;
  }

  /** That something is well from the start is no news. */
  private void note(String type, String reason, String message, boolean good) {
    if (!good || before.containsKey(type)) {
      notices.add(new Notice(good, reason, (type + ": " + message).strip()));
    }
  }
}
