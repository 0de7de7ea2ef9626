package dev.keyturn.keys;

import dev.keyturn.keys.KeyState.State;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells of every key in the ring where it stands in its life. */
record KeyStates(RingView view) {
  List<KeyState> all() {
    return Stream.concat(Arrays.stream(Purpose.values()).flatMap(this::of), revoked()).toList();
  }

  /** The next time at which a state changes by itself. */
  Optional<Instant> nextChange() {
    return Arrays.stream(Purpose.values())
        .flatMap(
            purpose -> view.ring().of(purpose).keys().stream().flatMap(key -> ends(purpose, key)))
        .filter(view.now()::isBefore)
        .min(Comparator.naturalOrder());
  }

  private Stream<Instant> ends(Purpose purpose, KnownKey key) {
    return Stream.of(key.from(), key.until(), key.end(view.pace(purpose).leeway()))
        .flatMap(Optional::stream);
  }

  private Stream<KeyState> of(Purpose purpose) {
    return view.ring().of(purpose).keys().stream().map(key -> of(purpose, key));
  }

  private KeyState of(Purpose purpose, KnownKey key) {
    var life = life(purpose, key);
    return new KeyState(
        purpose,
        key.id(),
        key.half().map(half -> half.algorithm().wire()).orElse(""),
        life.state(),
        life.since(),
        life.until(),
        view.listed().names(purpose).contains(key.id()),
        life.note());
  }

  private Life life(Purpose purpose, KnownKey key) {
    if (view.signerHere(purpose).filter(key::equals).isPresent()) {
      return signing(purpose, key);
    }
    if (view.signer(purpose).filter(key::equals).isPresent()) {
      var note = "its turn, but it is not here";
      return new Life(State.SIGNING, key.from().orElse(key.seen()), key.until(), note);
    }
    if (view.isAlive(purpose, key)) {
      var end = key.end(view.pace(purpose).leeway());
      return new Life(
          State.RETIRING, key.lastSigned().orElse(key.seen()), end, unlisted(purpose, key));
    }
    return new Life(
        State.PUBLISHED,
        key.seen(),
        key.from().filter(view.now()::isBefore),
        unlisted(purpose, key));
  }

  private Life signing(Purpose purpose, KnownKey key) {
    var turn = view.signer(purpose);
    if (turn.filter(key::equals).isEmpty()) {
      var note =
          turn.map(other -> "signs out of turn: " + other.id() + " is not here")
              .orElse("signs out of turn: there is no other");
      return new Life(State.SIGNING, key.seen(), Optional.empty(), note);
    }
    var note =
        view.listed().names(purpose).contains(key.id())
            ? ""
            : "no longer listed: it signs from memory, until its successor may";
    return new Life(State.SIGNING, key.from().orElse(key.seen()), key.until(), note);
  }

  /** Others verify by public halves; another secret must be here itself. */
  private String unlisted(Purpose purpose, KnownKey key) {
    if (purpose == Purpose.SIGNING || view.listed().names(purpose).contains(key.id())) {
      return "";
    }
    return view.here().names(purpose).contains(key.id())
        ? "no longer listed and still needed: after a restart, what it made is refused"
        : "not here: what it made is refused by this process";
  }

  private Stream<KeyState> revoked() {
    return view.ring().revoked().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .map(
            entry ->
                new KeyState(
                    Purpose.SIGNING,
                    entry.getKey(),
                    "",
                    State.REVOKED,
                    entry.getValue(),
                    Optional.empty(),
                    view.listed().names(Purpose.SIGNING).contains(entry.getKey()),
                    ""));
  }

  private record Life(State state, Instant since, Optional<Instant> until, String note) {}
}
