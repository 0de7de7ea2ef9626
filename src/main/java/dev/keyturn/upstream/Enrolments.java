package dev.keyturn.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.crypto.Digest;
import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The clients that Keyturn is at providers since it registered there, in the store and sealed, and
 * the right to register, which one replica has at a time.
 *
 * <p>A record that was sealed by a key that is not here yet is away for as long as keys may take;
 * after that, as one that does not open for another reason, it counts as none.
 */
public final class Enrolments {
  /**
   * Longer than everything takes that is done under a lease, so that only a dead holder loses it.
   */
  static final Duration LEASE = Duration.ofMinutes(3);

  /** Longer than anybody leaves a server off and expects it to go on. */
  private static final Duration TTL = Duration.ofDays(400);

  private static final int MAX_REMEMBERED = 1_000;

  private final Repository<JsonObject> records;
  private final Repository<JsonObject> leases;
  private final String issuer;
  private final Supplier<SealingKeys> keys;
  private final Supplier<Duration> propagation;
  private final Clock clock;
  private final RandomGenerator random;
  private final Cache<String, Instant> strangers =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).build();

  /**
   * @param issuer who we are to our own clients; several servers may share a store
   * @param keys those of the vault, as they are at the moment
   * @param propagation how long a key may take to get here
   */
  public Enrolments(
      KeyValueStore store,
      String issuer,
      Supplier<SealingKeys> keys,
      Supplier<Duration> propagation,
      Clock clock,
      RandomGenerator random) {
    this.records = new Repository<>(store, "upstream-client", json -> json, json -> json);
    this.leases = new Repository<>(store, "upstream-client-lease", json -> json, json -> json);
    this.issuer = issuer;
    this.keys = keys;
    this.propagation = propagation;
    this.clock = clock;
    this.random = random;
  }

  /** The name of the record of one provider: of where we register and of who will be shown it. */
  String id(UpstreamConfig config, SelfRegistration self) {
    var parts = new StringBuilder();
    for (var part :
        new String[] {issuer, config.name(), self.place().toString(), config.issuedBy()}) {
      parts.append(part.length()).append(' ').append(part);
    }
    return Digest.of(parts.toString());
  }

  /** The record, and the version that {@link #write} takes; version empty: there is none. */
  Future<Found> read(String id) {
    return records
        .get(id)
        .map(
            found ->
                found
                    .map(stored -> opened(id, stored))
                    .orElse(new Found(EnrolmentRecord.NONE, Optional.empty(), true)));
  }

  /** Writes over what was read, and over nothing else; tells whether it wrote. */
  Future<Boolean> write(String id, Found over, EnrolmentRecord next) {
    var envelope = keys.get().seal(next.toJson().toBuffer().getBytes(), associated(id));
    var value = new JsonObject().put("sealed", Base64.getEncoder().encodeToString(envelope));
    return over.version()
        .map(version -> records.replace(id, version, value, TTL))
        .orElseGet(() -> records.putIfAbsent(id, value, TTL));
  }

  /** The lease, by its nonce, unless somebody else has it; it dies by itself. */
  Future<Optional<String>> lease(String id) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    var nonce = HexFormat.of().formatHex(bytes);
    return leases
        .putIfAbsent(id, new JsonObject().put("holder", nonce), LEASE)
        .recover(unknown -> holds(id, nonce))
        .map(mine -> mine ? Optional.of(nonce) : Optional.empty());
  }

  /** Whether anybody is at work. */
  Future<Boolean> isLeased(String id) {
    return leases.get(id).map(Optional::isPresent);
  }

  /** Gives the lease back if it is still that one. */
  Future<Void> release(String id, String nonce) {
    return leases
        .get(id)
        .compose(
            found ->
                found
                    .filter(lease -> nonce.equals(lease.value().getString("holder")))
                    .map(lease -> leases.delete(id, lease.version()))
                    .orElseGet(() -> Future.succeededFuture(false)))
        .otherwise(false)
        .mapEmpty();
  }

  private Future<Boolean> holds(String id, String nonce) {
    return leases
        .get(id)
        .map(
            found ->
                found.filter(lease -> nonce.equals(lease.value().getString("holder"))).isPresent());
  }

  private Found opened(String id, Versioned<JsonObject> stored) {
    var envelope = envelope(stored.value());
    requireKnown(envelope);
    var record =
        keys.get()
            .open(envelope, associated(id))
            .map(plain -> EnrolmentRecord.fromJson(Buffer.buffer(plain).toJsonObject()));
    return new Found(
        record.orElse(EnrolmentRecord.NONE),
        Optional.of(stored.version()),
        keys.get().isCurrent(envelope));
  }

  private void requireKnown(byte[] envelope) {
    if (keys.get().knows(envelope)) {
      return;
    }
    var now = clock.instant();
    var end = strangers.get(SealingKeys.nameIn(envelope), first -> now).plus(propagation.get());
    if (now.isBefore(end)) {
      throw new UnavailableException(
          "our client was sealed by a key that is not here yet", Duration.between(now, end));
    }
  }

  private static byte[] envelope(JsonObject stored) {
    try {
      return Base64.getDecoder().decode(stored.getString("sealed", ""));
    } catch (IllegalArgumentException e) {
      return new byte[0]; // Somebody else wrote it, which is as good as nothing.
    }
  }

  private static byte[] associated(String id) {
    return ("upstream-client " + id).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * What the store has.
   *
   * @param version empty: nothing
   * @param current whether it is sealed by the key that seals now
   */
  record Found(EnrolmentRecord record, Optional<Long> version, boolean current) {}
}
