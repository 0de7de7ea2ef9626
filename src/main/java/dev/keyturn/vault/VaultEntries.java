package dev.keyturn.vault;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The entries in the store, sealed. No backend can forget to seal: it never sees anything else.
 *
 * <p>User, upstream and account are associated data, so an entry opens only where it belongs; one
 * that does not open counts as absent.
 */
public final class VaultEntries {
  private static final int ATTEMPTS = 8;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Repository<JsonObject> sealed;
  private final Supplier<SealingKeys> keys;
  private final Supplier<Duration> life;

  /**
   * @param keys the keys of the moment
   * @param life how long an entry is kept after its last change
   */
  public VaultEntries(KeyValueStore store, Supplier<SealingKeys> keys, Supplier<Duration> life) {
    this.sealed = new Repository<>(store, "vault", json -> json, json -> json);
    this.keys = keys;
    this.life = life;
  }

  /**
   * Changes the entry to what {@code change} makes of it, whatever others write meanwhile: it is
   * asked again if the entry is not the one any more that it was told. Nothing is written where it
   * answers nothing.
   */
  Future<Optional<VaultEntry>> change(VaultKey key, UnaryOperator<Optional<VaultEntry>> change) {
    return change(key, change, ATTEMPTS);
  }

  private Future<Optional<VaultEntry>> change(
      VaultKey key, UnaryOperator<Optional<VaultEntry>> change, int attempts) {
    return sealed
        .get(key.id())
        .compose(
            found -> {
              var old = found.flatMap(entry -> open(key, entry)).map(Versioned::value);
              var next = change.apply(old);
              return next.isEmpty() || next.equals(old)
                  ? Future.succeededFuture(next)
                  : write(key, found, next.get())
                      .compose(
                          written ->
                              written
                                  ? Future.succeededFuture(next)
                                  : again(key, change, attempts - 1));
            });
  }

  private Future<Optional<VaultEntry>> again(
      VaultKey key, UnaryOperator<Optional<VaultEntry>> change, int attempts) {
    return attempts > 0
        ? change(key, change, attempts)
        : Future.failedFuture(new UnavailableException("a vault entry keeps changing", RETRY));
  }

  private Future<Boolean> write(
      VaultKey key, Optional<Versioned<JsonObject>> over, VaultEntry entry) {
    var envelope = keys.get().seal(entry.toJson().toBuffer().getBytes(), associated(key));
    var next = new JsonObject().put("sealed", Base64.getEncoder().encodeToString(envelope));
    return over.isPresent()
        ? sealed.replace(key.id(), over.get().version(), next, life.get())
        : sealed.putIfAbsent(key.id(), next, life.get());
  }

  Future<Optional<Versioned<VaultEntry>>> read(VaultKey key) {
    return sealed.get(key.id()).map(found -> found.flatMap(entry -> open(key, entry)));
  }

  Future<Boolean> delete(VaultKey key, long version) {
    return sealed.delete(key.id(), version);
  }

  /** Deletes the entry, whatever it is by now. */
  Future<Void> forget(VaultKey key) {
    return sealed.take(key.id()).mapEmpty();
  }

  private Optional<Versioned<VaultEntry>> open(VaultKey key, Versioned<JsonObject> entry) {
    return envelope(entry.value())
        .flatMap(envelope -> keys.get().open(envelope, associated(key)))
        .map(plain -> VaultEntry.fromJson(Buffer.buffer(plain).toJsonObject()))
        .map(opened -> new Versioned<>(opened, entry.version()));
  }

  private static Optional<byte[]> envelope(JsonObject entry) {
    try {
      return Optional.of(Base64.getDecoder().decode(entry.getString("sealed", "")));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // Somebody else wrote it, which is as good as nothing.
    }
  }

  private static byte[] associated(VaultKey key) {
    return ("vault " + key.id()).getBytes(StandardCharsets.US_ASCII);
  }
}
