package dev.keyturn.keys;

import dev.keyturn.keys.KeyRing.Listings;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Optional;

/**
 * Keeps the keys of this process in step with the cluster: it tells the ring what is listed here,
 * and answers with what is in force.
 *
 * <p>It is asked again and again, and remembers the private keys and secrets that are no longer
 * listed and still needed. One verticle uses it; it is not thread-safe.
 */
public final class KeyKeeper {
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final KeyRings rings;
  private final Clock clock;
  private final EffectiveKeys effective;
  private Holdings held = Holdings.none();
  private Optional<Taken> taken = Optional.empty();
  private Optional<KeyRing> known = Optional.empty();
  private Future<?> last = Future.succeededFuture();

  /**
   * @param clock the one clock that the times in the ring are of
   */
  public KeyKeeper(KeyValueStore store, Clock clock, SecureRandom random) {
    this.rings = new KeyRings(store);
    this.clock = clock;
    this.effective = new EffectiveKeys(random);
  }

  /**
   * The keys that are in force where these are declared.
   *
   * <p>It fails with {@link KeysRefusedException} where these cannot be taken, and then what was
   * declared before stays in force. While the store is away the last known ring goes on; where none
   * was ever read, it fails with {@link UnavailableException}.
   */
  public Future<KeysNow> keep(Declared declared) {
    var kept = last.transform(done -> attempt(declared));
    last = kept;
    return kept;
  }

  private Future<KeysNow> attempt(Declared declared) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var listed = Holdings.of(declared);
    var here = listed.and(held);
    var listings = listings(declared, listed, here);
    return rings
        .change(
            known.orElse(KeyRing.EMPTY),
            ring -> {
              known = Optional.of(ring);
              return ring.next(listings, declared.timing(), now);
            })
        .map(ring -> take(declared, new RingView(ring, listed, here, declared.timing(), now)))
        .recover(failure -> goOn(declared, listed, now, failure));
  }

  private Listings listings(Declared declared, Holdings listed, Holdings here) {
    var listings = new EnumMap<Purpose, Listing>(Purpose.class);
    for (var purpose : Purpose.values()) {
      listings.put(
          purpose,
          new Listing(
              listed.listed(purpose),
              taken.map(before -> before.listed().listed(purpose)),
              here.names(purpose)));
    }
    return new Listings(listings, declared.revoked());
  }

  private KeysNow take(Declared declared, RingView view) {
    known = Optional.of(view.ring());
    taken = Optional.of(new Taken(declared, view.listed()));
    held = view.here().only(view::needs);
    return effective.of(view, Optional.empty());
  }

  private Future<KeysNow> goOn(Declared declared, Holdings listed, Instant now, Throwable failure) {
    if (failure instanceof KeysRefusedException && !isInForce(declared, listed)) {
      return Future.failedFuture(failure);
    }
    if (known.filter(ring -> !ring.equals(KeyRing.EMPTY)).isEmpty()) {
      return Future.failedFuture(
          failure instanceof UnavailableException
              ? failure
              : new UnavailableException("the key ring cannot be read: " + failure, RETRY));
    }
    var view = new RingView(known.get(), listed, listed.and(held), declared.timing(), now);
    return Future.succeededFuture(
        effective.of(view, Optional.of(String.valueOf(failure.getMessage()))));
  }

  private boolean isInForce(Declared declared, Holdings listed) {
    return taken
        .filter(before -> before.declared().revoked().equals(declared.revoked()))
        .filter(before -> before.listed().listsTheSameAs(listed))
        .isPresent();
  }

  /** What was declared last and could be taken. */
  private record Taken(Declared declared, Holdings listed) {}
}
