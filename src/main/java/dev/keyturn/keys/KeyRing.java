package dev.keyturn.keys;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What all replicas together know of keys and secrets: the one document from which each computes
 * the same states, also for keys whose file it has not seen yet.
 *
 * <p>It holds public halves and derived names, and nothing that signs or opens.
 *
 * @param revoked signing keys that must never be used again, and since when
 */
record KeyRing(Map<Purpose, Succession> successions, Map<String, Instant> revoked) {
  static final KeyRing EMPTY = new KeyRing(Map.of(), Map.of());

  /** The most revocations that are remembered beyond those that are still listed. */
  private static final int MAX_REVOKED = 256;

  KeyRing {
    successions = Map.copyOf(successions);
    revoked = Map.copyOf(revoked);
  }

  /** The ring after a replica has told what it lists; itself if that is nothing new. */
  KeyRing next(Listings here, Timing timing, Instant now) {
    var never = here.revokedAfter(revoked, now, MAX_REVOKED);
    here.requireSigner(never.keySet());
    var next = new EnumMap<Purpose, Succession>(Purpose.class);
    here.of()
        .forEach(
            (purpose, listing) ->
                next.put(
                    purpose,
                    of(purpose)
                        .next(
                            listing,
                            purpose == Purpose.SIGNING ? never.keySet() : Set.of(),
                            timing.of(purpose),
                            now)));
    var ring = new KeyRing(next, never);
    ring.requireRoom(here);
    return ring;
  }

  Succession of(Purpose purpose) {
    return successions.getOrDefault(purpose, Succession.EMPTY);
  }

  private void requireRoom(Listings here) {
    successions.forEach(
        (purpose, succession) -> {
          var count = succession.keys().size();
          if (count > SigningKeys.MAX) {
            throw new KeysRefusedException(
                purpose,
                "%d keys of the kind %s would be known at once, %d of them listed here; at most %d"
                        .formatted(count, purpose.wire(), here.count(purpose), SigningKeys.MAX)
                    + " can be: wait until retiring ones are gone");
          }
        });
  }

  JsonObject toJson() {
    var json = new JsonObject();
    successions.forEach((purpose, succession) -> json.put(purpose.wire(), succession.toJson()));
    var never = new JsonObject();
    revoked.forEach((kid, since) -> never.put(kid, since.toEpochMilli()));
    return json.put("revoked", never);
  }

  static KeyRing fromJson(JsonObject json) {
    var successions = new EnumMap<Purpose, Succession>(Purpose.class);
    for (var purpose : Purpose.values()) {
      if (json.containsKey(purpose.wire())) {
        successions.put(purpose, Succession.fromJson(json.getJsonObject(purpose.wire())));
      }
    }
    var revoked =
        json.getJsonObject("revoked").stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    entry -> Instant.ofEpochMilli(((Number) entry.getValue()).longValue())));
    return new KeyRing(successions, revoked);
  }

  /** What one replica lists of everything. */
  record Listings(Map<Purpose, Listing> of, Set<String> revoked) {
    int count(Purpose purpose) {
      return Objects.requireNonNull(of.get(purpose)).keys().size();
    }

    /** A list whose keys are all revoked is refused, unless it is the one that is in force. */
    void requireSigner(Set<String> never) {
      var signing = Objects.requireNonNull(of.get(Purpose.SIGNING));
      if (signing.areAllIn(revoked)) {
        throw new KeysRefusedException(
            Purpose.SIGNING,
            "revoked_keys leaves no signing key: list one that is not revoked first");
      }
      if (signing.isChanged() && signing.areAllIn(never)) {
        throw new KeysRefusedException(
            Purpose.SIGNING,
            "every signing key that is listed was revoked, which cannot be undone: list a new one");
      }
    }

    /** All revocations; the oldest go if there are too many, unless they are listed. */
    Map<String, Instant> revokedAfter(Map<String, Instant> before, Instant now, int most) {
      var all = new LinkedHashMap<String, Instant>();
      revoked.forEach(kid -> all.put(kid, before.getOrDefault(kid, now)));
      before.entrySet().stream()
          .filter(entry -> !revoked.contains(entry.getKey()))
          .sorted(Map.Entry.<String, Instant>comparingByValue(Comparator.reverseOrder()))
          .limit(most)
          .forEach(entry -> all.put(entry.getKey(), entry.getValue()));
      return all;
    }
  }
}
