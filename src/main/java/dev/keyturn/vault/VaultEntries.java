package dev.keyturn.vault;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The entries in the store, sealed. No backend can forget to seal: it never sees anything else.
 *
 * <p>One that does not open counts as absent. One that was sealed by a key that seals no more is
 * sealed anew when it is read.
 */
public final class VaultEntries {
  private static final int ATTEMPTS = 8;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Repository<JsonObject> sealed;
  private final KeyValueStore store;
  private final Seals seals;
  private final Supplier<Duration> life;

  /**
   * @param life how long an entry is kept after its last change
   */
  public VaultEntries(KeyValueStore store, Seals seals, Supplier<Duration> life) {
    this.sealed = new Repository<>(store, "vault", json -> json, json -> json);
    this.store = store;
    this.seals = seals;
    this.life = life;
  }

  KeyValueStore store() {
    return store;
  }

  /**
   * Changes the entry to what {@code change} makes of it, whatever others write meanwhile: it is
   * asked again if the entry is not the one any more that it was told, and also if it is not known
   * whether the change was written. Nothing is written where it answers nothing. It fails while the
   * key of what is there may still be on its way.
   */
  Future<Optional<VaultEntry>> change(VaultKey key, UnaryOperator<Optional<VaultEntry>> change) {
    return change(key, change, new Manner(seals::open, life.get()), ATTEMPTS);
  }

  /** The same for what is in force whatever is there, and is kept for so long. */
  Future<Optional<VaultEntry>> enter(
      VaultKey key, UnaryOperator<Optional<VaultEntry>> change, Duration time) {
    return change(key, change, new Manner(this::openOrForget, time), ATTEMPTS);
  }

  /** How long an entry is kept after its last change. */
  Duration life() {
    return life.get();
  }

  /** Keeps the entry for as long as any other; one that is not there stays away. */
  Future<Void> prolong(VaultKey key) {
    return prolong(key, ATTEMPTS);
  }

  private Future<Void> prolong(VaultKey key, int attempts) {
    return sealed
        .get(key.id())
        .compose(
            found ->
                found
                    .map(old -> sealed.replace(key.id(), old.version(), old.value(), life.get()))
                    .orElseGet(() -> Future.succeededFuture(true)))
        .compose(
            written ->
                written
                    ? Future.succeededFuture()
                    : attempts > 0
                        ? prolong(key, attempts - 1)
                        : Future.failedFuture(
                            new UnavailableException("a vault entry keeps changing", RETRY)));
  }

  private Future<Optional<VaultEntry>> change(
      VaultKey key, UnaryOperator<Optional<VaultEntry>> change, Manner manner, int attempts) {
    return sealed
        .get(key.id())
        .compose(
            found -> {
              var old = found.flatMap(entry -> manner.opening().open(key, entry.value()));
              var next = change.apply(old);
              return next.isEmpty() || next.equals(old)
                  ? Future.succeededFuture(next)
                  : write(key, found, next.get(), manner.life())
                      .transform(
                          written ->
                              written.succeeded() && written.result()
                                  ? Future.succeededFuture(next)
                                  : again(key, change, manner, attempts - 1, written.cause()));
            });
  }

  private Future<Optional<VaultEntry>> again(
      VaultKey key,
      UnaryOperator<Optional<VaultEntry>> change,
      Manner manner,
      int attempts,
      @Nullable Throwable cause) {
    if (attempts > 0) {
      return change(key, change, manner, attempts);
    }
    return Future.failedFuture(
        cause == null ? new UnavailableException("a vault entry keeps changing", RETRY) : cause);
  }

  private Future<Boolean> write(
      VaultKey key, Optional<Versioned<JsonObject>> over, VaultEntry entry, Duration time) {
    var next = seals.seal(key, entry);
    return over.isPresent()
        ? sealed.replace(key.id(), over.get().version(), next, time)
        : sealed.putIfAbsent(key.id(), next, time);
  }

  Future<Optional<Versioned<VaultEntry>>> read(VaultKey key) {
    return sealed
        .get(key.id())
        .compose(
            found ->
                found.filter(entry -> seals.isOutdated(entry.value())).isPresent()
                    ? sealAnew(key, found.get())
                    : Future.succeededFuture(found))
        .map(found -> found.flatMap(entry -> open(key, entry)));
  }

  /** Whoever changes it meanwhile has sealed it anew as well. */
  private Future<Optional<Versioned<JsonObject>>> sealAnew(
      VaultKey key, Versioned<JsonObject> found) {
    var opened = seals.open(key, found.value());
    return opened
        .map(entry -> write(key, Optional.of(found), entry, life.get()).otherwise(false))
        .orElseGet(() -> Future.succeededFuture(false))
        .compose(
            written -> written ? sealed.get(key.id()) : Future.succeededFuture(Optional.of(found)));
  }

  /** Writes over the version that was read; tells whether it wrote. */
  Future<Boolean> replace(VaultKey key, long version, VaultEntry next) {
    return sealed.replace(key.id(), version, seals.seal(key, next), life.get());
  }

  /** Reads and deletes: of those who do so at once, one is given the entry. */
  Future<Optional<VaultEntry>> take(VaultKey key) {
    return sealed.take(key.id()).map(found -> found.flatMap(stored -> openOrForget(key, stored)));
  }

  /** Deletes the entry if it is still of the version that was read; tells whether it did. */
  Future<Boolean> delete(VaultKey key, long version) {
    return sealed.delete(key.id(), version);
  }

  /** Deletes the entry, whatever it is by now. */
  Future<Void> forget(VaultKey key) {
    return sealed.take(key.id()).mapEmpty();
  }

  private Optional<Versioned<VaultEntry>> open(VaultKey key, Versioned<JsonObject> entry) {
    return seals.open(key, entry.value()).map(opened -> new Versioned<>(opened, entry.version()));
  }

  /** How what is there is opened, and for how long what comes is kept. */
  private record Manner(Opening opening, Duration life) {}

  /** Opens what is there. */
  private interface Opening {
    Optional<VaultEntry> open(VaultKey key, JsonObject stored);
  }

  private Optional<VaultEntry> openOrForget(VaultKey key, JsonObject stored) {
    try {
      return seals.open(key, stored);
    } catch (UnavailableException keyIsOnItsWay) {
      return Optional.empty();
    }
  }
}
