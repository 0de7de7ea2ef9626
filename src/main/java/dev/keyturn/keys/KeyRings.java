package dev.keyturn.keys;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The key ring in the store: one entry, changed by compare-and-swap. */
final class KeyRings {
  private static final String ID = "keys";
  private static final int ATTEMPTS = 16;
  private static final Duration RETRY = Duration.ofSeconds(5);

  /** Longer than anything that is signed lives; each heartbeat of a key renews it. */
  private static final Duration TTL = Duration.ofDays(400);

  private final Repository<KeyRing> rings;

  KeyRings(KeyValueStore store) {
    this.rings = new Repository<>(store, "ring", KeyRing::toJson, KeyRing::fromJson);
  }

  /**
   * Changes the ring; the result is the one that is stored.
   *
   * @param restored what is known of a ring that the store has lost
   */
  Future<KeyRing> change(KeyRing restored, UnaryOperator<KeyRing> change) {
    return change(restored, change, ATTEMPTS);
  }

  private Future<KeyRing> change(KeyRing restored, UnaryOperator<KeyRing> change, int attempts) {
    return rings
        .get(ID)
        .compose(
            found -> {
              var next = change.apply(found.map(Versioned::value).orElse(restored));
              return write(found, next)
                  .compose(
                      written ->
                          written
                              ? Future.succeededFuture(next)
                              : again(restored, change, attempts));
            });
  }

  private Future<Boolean> write(Optional<Versioned<KeyRing>> found, KeyRing next) {
    if (found.isEmpty()) {
      return rings.putIfAbsent(ID, next, TTL);
    }
    return next.equals(found.get().value())
        ? Future.succeededFuture(true)
        : rings.replace(ID, found.get().version(), next, TTL);
  }

  private Future<KeyRing> again(KeyRing restored, UnaryOperator<KeyRing> change, int attempts) {
    return attempts > 0
        ? change(restored, change, attempts - 1)
        : Future.failedFuture(new UnavailableException("the key ring changes without end", RETRY));
  }
}
