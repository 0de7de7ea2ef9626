package dev.keyturn.keys;

import dev.keyturn.keys.Timing.Pace;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who follows whom among the keys of one purpose.
 *
 * @param choice the key that is to sign; it may still have to wait for its turn
 */
record Succession(List<KnownKey> keys, Optional<Choice> choice) {
  static final Succession EMPTY = new Succession(List.of(), Optional.empty());

  Succession {
    keys = List.copyOf(keys);
  }

  /** What becomes of it when a replica lists its keys. */
  Succession next(Listing here, Set<String> revoked, Pace pace, Instant now) {
    return new SuccessionStep(this, here, pace, now).without(revoked).taken();
  }

  Optional<KnownKey> find(String id) {
    return keys.stream().filter(key -> key.id().equals(id)).findFirst();
  }

  boolean isChosen(KnownKey key) {
    return choice.filter(chosen -> chosen.id().equals(key.id())).isPresent();
  }

  /**
   * The key whose turn it is. Where no turn has begun, the writer of the ring has the faster clock,
   * and the turn that begins within {@code leeway} has begun for it.
   */
  Optional<KnownKey> signer(Instant now, Duration leeway) {
    var began = Comparator.comparing((KnownKey key) -> key.from().orElse(Instant.MAX));
    return keys.stream()
        .filter(key -> key.signsAt(now))
        .max(began)
        .or(
            () ->
                keys.stream()
                    .filter(key -> key.isToSign(now) && key.mayHaveSigned(now, leeway))
                    .min(began));
  }

  /**
   * The key with which a process signs that has only those in {@code present}: the one whose turn
   * it is, else the one that others are most likely to know.
   */
  Optional<KnownKey> signer(Set<String> present, Pace pace, Instant now) {
    return signer(now, pace.leeway())
        .filter(key -> present.contains(key.id()))
        .or(() -> best(present, pace, now));
  }

  /** Another than the signer, for a process that does not have it, or where there is none. */
  private Optional<KnownKey> best(Set<String> present, Pace pace, Instant now) {
    var known =
        Comparator.comparing((KnownKey key) -> !now.isBefore(key.seen().plus(pace.delay())))
            .thenComparing(this::isChosen)
            .thenComparing(key -> key.lastSigned().orElse(Instant.MIN));
    return keys.stream().filter(key -> present.contains(key.id())).max(known);
  }

  JsonObject toJson() {
    var list = new JsonArray();
    keys.forEach(key -> list.add(key.toJson()));
    var json = new JsonObject().put("keys", list);
    choice.ifPresent(
        chosen -> json.put("chosen", chosen.id()).put("chosen_at", chosen.since().toEpochMilli()));
    return json;
  }

  static Succession fromJson(JsonObject json) {
    return new Succession(
        objects(json.getJsonArray("keys")).map(KnownKey::fromJson).toList(),
        Optional.ofNullable(json.getString("chosen"))
            .map(id -> new Choice(id, Instant.ofEpochMilli(json.getLong("chosen_at")))));
  }

  private static Stream<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast);
  }

  /** A key that a replica put first, and when. */
  record Choice(String id, Instant since) {}
}
