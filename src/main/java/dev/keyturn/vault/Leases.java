package dev.keyturn.vault;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The right to refresh an entry, for one process at a time.
 *
 * <p>It keeps processes from getting in each other's way, no more: it dies by time, so its holder
 * may have lost it without noticing. What nobody may do twice is fenced by the entry itself.
 */
final class Leases {
  /** Longer than the provider is given for an answer, so that only a dead holder loses it. */
  static final Duration LIFE = Duration.ofMinutes(2);

  private static final int MAX_KEPT = 10_000;

  private final Repository<JsonObject> leases;
  private final RandomGenerator random;
  private final Cache<VaultKey, String> kept =
      Caffeine.newBuilder().maximumSize(MAX_KEPT).expireAfterWrite(LIFE).build();

  Leases(KeyValueStore store, RandomGenerator random) {
    this.leases = new Repository<>(store, "vault-lease", json -> json, json -> json);
    this.random = random;
  }

  /**
   * The lease, by its nonce, unless somebody else has it. One that could not be given back, or of
   * which we were not told that we have it, is ours to use again.
   */
  Future<Optional<String>> acquire(VaultKey key) {
    var nonce = Optional.ofNullable(kept.getIfPresent(key)).orElseGet(() -> nonce(random));
    kept.put(key, nonce);
    return leases
        .putIfAbsent(key.id(), new JsonObject().put("holder", nonce), LIFE)
        .recover(unknown -> Future.succeededFuture(false))
        .compose(mine -> mine ? Future.succeededFuture(true) : isHeld(key, nonce))
        .map(mine -> mine ? Optional.of(nonce) : Optional.empty());
  }

  /** Gives it back, if it is still that one; where that fails it dies by itself. */
  Future<Void> release(VaultKey key, String nonce) {
    return leases
        .get(key.id())
        .compose(
            found ->
                found
                    .filter(lease -> isOf(lease, nonce))
                    .map(lease -> leases.delete(key.id(), lease.version()))
                    .orElseGet(() -> Future.succeededFuture(false)))
        .onSuccess(gone -> kept.asMap().remove(key, nonce))
        .otherwise(false)
        .mapEmpty();
  }

  /** A name that nobody else makes. */
  static String nonce(RandomGenerator random) {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private Future<Boolean> isHeld(VaultKey key, String nonce) {
    return leases.get(key.id()).map(found -> found.filter(lease -> isOf(lease, nonce)).isPresent());
  }

  private static boolean isOf(Versioned<JsonObject> lease, String nonce) {
    return nonce.equals(lease.value().getString("holder"));
  }
}
