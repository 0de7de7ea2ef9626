package dev.keyturn.keys;

import dev.keyturn.keys.Succession.Choice;
import dev.keyturn.keys.Timing.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** One change of a succession, worked out by whoever lists keys; it is written whole or not. */
final class SuccessionStep {
  /** How often it is written down that a key is still listed. */
  private static final Duration HEARTBEAT = Duration.ofMinutes(10);

  /** After this time without that, nobody lists it any more. */
  private static final Duration LEASE = Duration.ofHours(1);

  private final Listing here;
  private final Pace pace;
  private final Instant now;
  private final boolean isFirst;
  private final Map<String, KnownKey> keys = new LinkedHashMap<>();
  private Optional<Choice> choice;

  SuccessionStep(Succession before, Listing here, Pace pace, Instant now) {
    this.here = here;
    this.pace = pace;
    this.now = before.time(now, pace.leeway());
    this.isFirst = before.keys().isEmpty() && before.choice().isEmpty();
    this.choice = before.choice();
    before.keys().forEach(key -> keys.put(key.id(), key));
  }

  /** Forgets keys that must not be used again. */
  SuccessionStep without(Set<String> revoked) {
    keys.keySet().removeAll(revoked);
    choice = choice.filter(chosen -> !revoked.contains(chosen.id()));
    return new SuccessionStep(this, here.without(revoked));
  }

  private SuccessionStep(SuccessionStep other, Listing here) {
    this.here = here;
    this.pace = other.pace;
    this.now = other.now;
    this.isFirst = other.isFirst;
    this.choice = other.choice;
    this.keys.putAll(other.keys);
  }

  Succession taken() {
    here.keys().forEach(this::list);
    here.dropped().forEach(id -> keys.computeIfPresent(id, (same, key) -> key.unlisted()));
    first().filter(this::isToBeChosen).ifPresent(this::choose);
    requireSigner();
    bridge();
    measure();
    keys.values().removeIf(this::isOver);
    return result();
  }

  private void list(Listing.Listed listed) {
    var key = Optional.ofNullable(keys.get(listed.id())).orElseGet(() -> seen(listed));
    if (!now.isBefore(key.listed().plus(HEARTBEAT))) {
      key = key.listedAt(now);
    }
    if (here.isChanged() && !key.half().equals(listed.half())) {
      key = key.with(listed.half());
    }
    keys.put(key.id(), key);
  }

  /** Where nothing is known of the past, whatever stands behind the first key has signed in it. */
  private KnownKey seen(Listing.Listed listed) {
    var key = KnownKey.seenAt(now, listed.id(), listed.half());
    return isFirst && !Optional.of(listed.id()).equals(first())
        ? key.signedAt(now).living(pace.life())
        : key;
  }

  private Optional<String> first() {
    return here.keys().stream().findFirst().map(Listing.Listed::id);
  }

  /**
   * A replica that lists another first key than the cluster has chosen was told so just now, or has
   * not seen yet what the cluster knows, or all have seen everything long ago and it was started
   * with another order.
   */
  private boolean isToBeChosen(String id) {
    return choice.isEmpty()
        || (!choice.get().id().equals(id) && (here.isNews() || isSettled(choice.get())));
  }

  /** Whether every replica has seen by now what made the choice, whatever its clock says. */
  private boolean isSettled(Choice made) {
    return !now.isBefore(made.since().plus(pace.leeway().multipliedBy(3)));
  }

  private void choose(String id) {
    var signer = result().signer(now, pace.leeway());
    var key = Objects.requireNonNull(keys.get(id));
    var start = signer.filter(current -> current.id().equals(id)).flatMap(KnownKey::from);
    var next = key.signingFrom(start.orElseGet(() -> turnOf(key)));
    keys.replaceAll(
        (other, old) -> signer.equals(Optional.of(old)) ? ending(old, next) : ousted(old));
    keys.put(id, next);
    choice = Optional.of(new Choice(id, now));
  }

  /**
   * A key waits until all know it. One that has signed before is known, but as one that has
   * stopped: what it signs would be refused by those who have not heard yet that it signs again.
   */
  private Instant turnOf(KnownKey key) {
    var signed = key.mayHaveSigned(now, pace.leeway());
    return signed ? now.plus(pace.leeway()) : later(now, key.seen().plus(pace.delay()));
  }

  private static KnownKey ending(KnownKey signer, KnownKey next) {
    return signer.signingUntil(next.from().orElseThrow());
  }

  /** Another that was to follow does not; its turn may have begun for a faster clock. */
  private KnownKey ousted(KnownKey key) {
    if (!key.isToSign(now)) {
      return key;
    }
    return key.from()
        .filter(start -> key.isNear(now, pace.leeway()))
        .map(start -> key.withoutTurn().signedAt(start))
        .orElseGet(key::withoutTurn);
  }

  /**
   * Somebody must sign: the first key of all, or another for one that was revoked. That it is
   * listed now tells those whose clocks are behind that its turn has begun.
   */
  private void requireSigner() {
    var state = result();
    if (state.signer(now, pace.leeway()).isPresent()) {
      return;
    }
    state
        .signer(here.present(), pace, now)
        .map(key -> state.isChosen(key) ? key.signingFrom(now) : interim(key))
        .ifPresent(key -> keys.put(key.id(), key.listedAt(now)));
  }

  private KnownKey interim(KnownKey key) {
    var end = choice.map(Choice::id).map(keys::get).flatMap(KnownKey::from);
    var signing = key.signingFrom(now);
    return end.map(signing::signingUntil).orElse(signing);
  }

  /** This process may not have the key whose turn it is, and then signs with another, for now. */
  private void bridge() {
    var state = result();
    var signer = state.signer(now, pace.leeway());
    var ours = state.signer(here.present(), pace, now);
    ours.filter(key -> !signer.equals(Optional.of(key)) && isDue(key))
        .ifPresent(key -> keys.put(key.id(), key.signedAt(now.plus(pace.leeway()))));
  }

  private boolean isDue(KnownKey key) {
    var soon = now.plus(pace.leeway().dividedBy(2));
    return key.signed().filter(soon::isBefore).isEmpty();
  }

  /** Remembers the longest life of what those that may sign make. */
  private void measure() {
    keys.replaceAll(
        (id, key) ->
            key.signsAt(now) || key.isToSign(now) || key.signed().filter(now::isBefore).isPresent()
                ? key.living(pace.life())
                : key);
  }

  private boolean isOver(KnownKey key) {
    var isChosen = choice.filter(chosen -> chosen.id().equals(key.id())).isPresent();
    var hasTurn = key.signsAt(now) || key.isToSign(now) || isChosen;
    var isNeeded = key.end(pace.leeway()).filter(now::isBefore).isPresent();
    return !hasTurn && !isNeeded && !isListed(key);
  }

  private boolean isListed(KnownKey key) {
    return here.keys().stream().anyMatch(listed -> listed.id().equals(key.id()))
        || now.isBefore(key.listed().plus(LEASE));
  }

  private Succession result() {
    return new Succession(List.copyOf(keys.values()), choice);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
