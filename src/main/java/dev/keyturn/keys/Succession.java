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
   * The time by the ring, where a clock is behind those of others, so that nothing that has begun
   * for them begins again here; a clock that is wrong by more than {@code leeway} is not believed.
   */
  Instant time(Instant now, Duration leeway) {
    var told = Stream.concat(keys.stream().map(KnownKey::listed), since().stream());
    var latest = told.max(Comparator.naturalOrder()).filter(now::isBefore).orElse(now);
    return latest.isAfter(now.plus(leeway)) ? now.plus(leeway) : latest;
  }

  /** The key whose turn it is. */
  Optional<KnownKey> signer(Instant now, Duration leeway) {
    var time = time(now, leeway);
    return keys.stream()
        .filter(key -> key.signsAt(time))
        .max(Comparator.comparing(key -> key.from().orElse(Instant.MIN)));
  }

  /**
   * The key with which a process signs that has only those in {@code present}: the one whose turn
   * it is, else the one that others are most likely to know.
   */
  Optional<KnownKey> signer(Set<String> present, Pace pace, Instant now) {
    return signer(now, pace.leeway())
        .filter(key -> present.contains(key.id()))
        .or(() -> best(present, pace, time(now, pace.leeway())));
  }

  /** Another than the signer, for a process that does not have it, or where there is none. */
  private Optional<KnownKey> best(Set<String> present, Pace pace, Instant now) {
    var known =
        Comparator.comparing((KnownKey key) -> !now.isBefore(key.seen().plus(pace.delay())))
            .thenComparing(key -> key.isTakenByAll(now, pace.leeway()))
            .thenComparing(this::isChosen)
            .thenComparing(key -> key.lastSigned().orElse(Instant.MIN));
    return keys.stream().filter(key -> present.contains(key.id())).max(known);
  }

  private Optional<Instant> since() {
    return choice.map(Choice::since);
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
