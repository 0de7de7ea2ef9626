package dev.keyturn.keys;

import dev.keyturn.keys.Listing.Listed;
import dev.keyturn.keys.Timing.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Replicas that list keys by short names, one after the other, at times that the test sets. */
final class SuccessionStory {
  static final Duration DELAY = Duration.ofMinutes(7);
  static final Duration LEEWAY = Duration.ofMinutes(2);
  static final Duration LIFE = Duration.ofHours(1);
  static final Duration SETTLED = LEEWAY.multipliedBy(3);
  static final Instant START = Instant.parse("2026-11-23T12:00:00Z");

  private final Map<String, List<Listed>> before = new HashMap<>();
  private final Map<String, Set<String>> memory = new HashMap<>();
  private Succession state = Succession.EMPTY;
  private Instant now = START;
  private Duration life = LIFE;

  /** The replica is told to use these, the first one to sign. */
  SuccessionStory lists(String replica, String... ids) {
    return lists(replica, Duration.ZERO, Set.of(), ids);
  }

  /** The same by a clock that is wrong. */
  SuccessionStory listsByClock(String replica, Duration wrong, String... ids) {
    return lists(replica, wrong, Set.of(), ids);
  }

  /** The same, with keys that must not be used again. */
  SuccessionStory revokes(String replica, Set<String> revoked, String... ids) {
    return lists(replica, Duration.ZERO, revoked, ids);
  }

  private SuccessionStory lists(
      String replica, Duration wrong, Set<String> revoked, String... ids) {
    var listed = Stream.of(ids).map(id -> new Listed(id, Optional.empty())).toList();
    var present = memory.computeIfAbsent(replica, name -> new LinkedHashSet<>());
    present.addAll(List.of(ids));
    var listing = new Listing(listed, Optional.ofNullable(before.get(replica)), present);
    state = state.next(listing, revoked, pace(), now.plus(wrong));
    before.put(replica, listed);
    return this;
  }

  /** The replica forgets what it was told, and starts with these. */
  SuccessionStory starts(String replica, String... ids) {
    before.remove(replica);
    memory.remove(replica);
    return lists(replica, ids);
  }

  SuccessionStory after(Duration time) {
    now = now.plus(time);
    return this;
  }

  SuccessionStory whereTokensLive(Duration longest) {
    life = longest;
    return this;
  }

  /** Whose turn it is; empty text where it is nobody's. */
  String signer() {
    return state.signer(now, LEEWAY).map(KnownKey::id).orElse("");
  }

  /** What the replica signs with. */
  String signerOf(String replica) {
    var present = memory.getOrDefault(replica, Set.of());
    return state.signer(present, pace(), now).map(KnownKey::id).orElse("");
  }

  Succession state() {
    return state;
  }

  /** All but the note of when a key was listed last. */
  List<KnownKey> turns() {
    return state.keys().stream().map(key -> key.listedAt(START)).toList();
  }

  KnownKey key(String id) {
    return state.find(id).orElseThrow(() -> new AssertionError(id + " is not known"));
  }

  List<String> known() {
    return state.keys().stream().map(KnownKey::id).toList();
  }

  Instant now() {
    return now;
  }

  private Pace pace() {
    return new Pace(DELAY, LEEWAY, life);
  }
}
