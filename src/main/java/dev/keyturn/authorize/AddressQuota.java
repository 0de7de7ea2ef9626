package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Network;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How many entries of one kind one address may cause in the store.
 *
 * <p>A login that was begun is one until it is finished or ten minutes old, and a program can
 * approve a consent page as fast as it likes; a pushed request is one for a minute and a half.
 */
final class AddressQuota {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int MOST = 6000;

  private final KeyValueStore store;
  private final String kind;
  private final String complaint;

  private AddressQuota(KeyValueStore store, String kind, String complaint) {
    this.store = store;
    this.kind = kind;
    this.complaint = complaint;
  }

  /** That of logins that are begun. */
  static AddressQuota ofLogins(KeyValueStore store) {
    return new AddressQuota(store, "login-quota", "too many logins were begun from this address");
  }

  /** That of authorization requests that are pushed. */
  static AddressQuota ofPushes(KeyValueStore store) {
    return new AddressQuota(store, "push-quota", "too many requests were pushed from this address");
  }

  /** Counts one of {@code address}; fails with 429 if it is one too many. */
  Future<Void> admit(String address) {
    return store
        .count(kind + "/" + Digest.of(Network.of(address)), WINDOW)
        .compose(sum -> sum <= MOST ? Future.succeededFuture() : Future.failedFuture(tooMany()));
  }

  private OAuthException tooMany() {
    return new OAuthException(TEMPORARILY_UNAVAILABLE.because(complaint).error().withStatus(429));
  }
}
