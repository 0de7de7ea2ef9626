package dev.keyturn.registration;

import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Network;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How many new records strangers may cause, for all replicas together: some per address, and a sum.
 *
 * <p>An IPv6 network of 64 bits counts as one address, since one customer holds all of it. The
 * address is asked first, so that a single flooder cannot use up what everybody shares.
 */
public final class RegistrationQuota {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int PER_ADDRESS = 60;

  private final KeyValueStore store;
  private final RegistrationConfig config;

  public RegistrationQuota(KeyValueStore store, RegistrationConfig config) {
    this.store = store;
    this.config = config;
  }

  /** Counts a new record for {@code address}; fails with 429 if it is one too many. */
  Future<Void> admit(String address) {
    return count("address-" + Digest.of(Network.of(address)), HOUR, PER_ADDRESS)
        .compose(admitted -> count("all", config.unusedTtl(), config.maxClients()));
  }

  private Future<Void> count(String key, Duration window, int most) {
    return store
        .count("registration-quota/" + key, window)
        .compose(sum -> sum <= most ? Future.succeededFuture() : Future.failedFuture(tooMany()));
  }

  private static OAuthException tooMany() {
    return new OAuthException(
        TEMPORARILY_UNAVAILABLE
            .because("too many clients were registered: try again later")
            .error()
            .withStatus(429));
  }
}
