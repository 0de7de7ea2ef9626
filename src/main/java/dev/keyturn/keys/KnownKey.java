package dev.keyturn.keys;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the cluster knows of one key or secret; nothing of it tells the secret.
 *
 * @param id the thumbprint of a signing key, a derived name of a secret
 * @param seen when a replica listed it first
 * @param listed when a replica listed it last, roughly
 * @param from when it begins to sign, in the future while it is only published
 * @param until when it ends, or is to end, what began at {@code from}
 * @param signed the last time at which it may have signed otherwise: earlier, or out of turn
 * @param life the longest life of what it made
 * @param half the public half of a signing key
 */
record KnownKey(
    String id,
    Instant seen,
    Instant listed,
    Optional<Instant> from,
    Optional<Instant> until,
    Optional<Instant> signed,
    Duration life,
    Optional<VerificationKey> half) {
  static KnownKey seenAt(Instant now, String id, Optional<VerificationKey> half) {
    var never = Optional.<Instant>empty();
    return new KnownKey(id, now, now, never, never, never, Duration.ZERO, half);
  }

  /** Whether it is its turn to sign. */
  boolean signsAt(Instant now) {
    return from.filter(start -> !start.isAfter(now)).isPresent()
        && until.filter(end -> !now.isBefore(end)).isEmpty();
  }

  /** Whether its turn is still to come. */
  boolean isToSign(Instant now) {
    return from.filter(now::isBefore).isPresent();
  }

  /** The last time at which it may have signed; empty while it signs, is to sign, or never did. */
  Optional<Instant> lastSigned() {
    return from.isPresent() && until.isEmpty()
        ? Optional.empty()
        : Stream.concat(until.stream(), signed.stream()).max(Instant::compareTo);
  }

  /** Whether it has made anything, so far as a clock that may be wrong by {@code leeway} tells. */
  boolean mayHaveSigned(Instant now, Duration leeway) {
    return signed.isPresent() || isNear(now, leeway);
  }

  /** Whether its turn has begun, or has for a clock that is ahead by {@code leeway}. */
  boolean isNear(Instant now, Duration leeway) {
    return from.filter(start -> !start.isAfter(now.plus(leeway))).isPresent();
  }

  /**
   * Whether nobody refuses what it signs now, even one who has not heard that it signs again: it
   * never stopped, or did so just now.
   */
  boolean isTakenByAll(Instant now, Duration leeway) {
    var stopped = isToSign(now) ? signed : lastSigned();
    return stopped.filter(end -> now.isAfter(end.plus(leeway.dividedBy(2)))).isEmpty();
  }

  /** When the last thing that it made has expired. */
  Optional<Instant> end(Duration leeway) {
    return lastSigned().map(last -> last.plus(life).plus(leeway));
  }

  KnownKey listedAt(Instant now) {
    return new KnownKey(id, seen, now, from, until, signed, life, half);
  }

  /** A process has ceased to list it; another that still does so says it again. */
  KnownKey unlisted() {
    return listedAt(Instant.EPOCH);
  }

  /** Signs from {@code start} on, without an end. */
  KnownKey signingFrom(Instant start) {
    var before = from.filter(old -> !old.equals(start)).isPresent() ? latest(until) : signed;
    return new KnownKey(id, seen, listed, Optional.of(start), Optional.empty(), before, life, half);
  }

  KnownKey signingUntil(Instant end) {
    return new KnownKey(id, seen, listed, from, Optional.of(end), signed, life, half);
  }

  /** Has no turn any more. */
  KnownKey withoutTurn() {
    var never = Optional.<Instant>empty();
    return new KnownKey(id, seen, listed, never, never, signed, life, half);
  }

  /** May have signed until {@code last}, out of turn. */
  KnownKey signedAt(Instant last) {
    return new KnownKey(id, seen, listed, from, until, latest(Optional.of(last)), life, half);
  }

  KnownKey living(Duration longest) {
    return longest.compareTo(life) <= 0
        ? this
        : new KnownKey(id, seen, listed, from, until, signed, longest, half);
  }

  KnownKey with(Optional<VerificationKey> other) {
    return new KnownKey(id, seen, listed, from, until, signed, life, other);
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("id", id)
            .put("seen", seen.toEpochMilli())
            .put("listed", listed.toEpochMilli())
            .put("life", life.toMillis());
    from.ifPresent(at -> json.put("from", at.toEpochMilli()));
    until.ifPresent(at -> json.put("until", at.toEpochMilli()));
    signed.ifPresent(at -> json.put("signed", at.toEpochMilli()));
    half.ifPresent(key -> json.put("jwk", key.toJson()));
    return json;
  }

  static KnownKey fromJson(JsonObject json) {
    return new KnownKey(
        json.getString("id"),
        Instant.ofEpochMilli(json.getLong("seen")),
        Instant.ofEpochMilli(json.getLong("listed")),
        instant(json, "from"),
        instant(json, "until"),
        instant(json, "signed"),
        Duration.ofMillis(json.getLong("life")),
        Optional.ofNullable(json.getJsonObject("jwk")).map(VerificationKey::parse));
  }

  private Optional<Instant> latest(Optional<Instant> other) {
    return Stream.concat(signed.stream(), other.stream()).max(Instant::compareTo);
  }

  private static Optional<Instant> instant(JsonObject json, String member) {
    return Optional.ofNullable(json.getLong(member)).map(Instant::ofEpochMilli);
  }
}
