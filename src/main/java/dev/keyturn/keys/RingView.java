package dev.keyturn.keys;

import dev.keyturn.keys.Timing.Pace;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The ring as one process sees it at one time.
 *
 * @param listed what the process lists
 * @param here what it could use, listed or remembered
 */
record RingView(KeyRing ring, Holdings listed, Holdings here, Timing timing, Instant now) {
  /** The key whose turn it is in the cluster. */
  Optional<KnownKey> signer(Purpose purpose) {
    return ring.of(purpose).signer(now, pace(purpose).leeway());
  }

  /** The key with which this process signs. */
  Optional<KnownKey> signerHere(Purpose purpose) {
    return ring.of(purpose).signer(here.names(purpose), pace(purpose), now);
  }

  /** All that is here of a purpose, the one that signs first. */
  List<String> order(Purpose purpose) {
    var first = signerHere(purpose).map(KnownKey::id);
    return Stream.concat(
            first.stream(),
            here.names(purpose).stream().filter(id -> !first.equals(Optional.of(id))))
        .toList();
  }

  /** Whether this process must remember one that is no longer listed. */
  boolean needs(Purpose purpose, String id) {
    return listed.names(purpose).contains(id)
        || ring.of(purpose).find(id).filter(key -> isNeeded(purpose, key)).isPresent();
  }

  Pace pace(Purpose purpose) {
    return timing.of(purpose);
  }

  /**
   * A private key is of no use once it has stopped signing by every clock; another secret still
   * verifies.
   */
  private boolean isNeeded(Purpose purpose, KnownKey key) {
    return key.signsAt(now.minus(pace(purpose).leeway()))
        || key.signsAt(now)
        || key.isToSign(now)
        || signerHere(purpose).filter(key::equals).isPresent()
        || (purpose != Purpose.SIGNING && isAlive(purpose, key));
  }

  /** Whether something that it made may still be about. */
  boolean isAlive(Purpose purpose, KnownKey key) {
    return key.end(pace(purpose).leeway()).filter(now::isBefore).isPresent();
  }
}
