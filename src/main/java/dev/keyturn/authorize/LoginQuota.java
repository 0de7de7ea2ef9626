package dev.keyturn.authorize;

import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Network;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * How many logins one address may begin. Each is an entry of the store until it is finished or ten
 * minutes old, and a program can approve a consent page as fast as it likes.
 */
final class LoginQuota {
  private static final Duration WINDOW = Duration.ofMinutes(10);
  private static final int MOST = 6000;

  private final KeyValueStore store;

  LoginQuota(KeyValueStore store) {
    this.store = store;
  }

  /** Counts a login of {@code address}; fails with 429 if it is one too many. */
  Future<Void> admit(String address) {
    return store
        .count("login-quota/" + Digest.of(Network.of(address)), WINDOW)
        .compose(sum -> sum <= MOST ? Future.succeededFuture() : Future.failedFuture(tooMany()));
  }

  private static OAuthException tooMany() {
    var refusal = TEMPORARILY_UNAVAILABLE.because("too many logins were begun from this address");
    return new OAuthException(refusal.error().withStatus(429));
  }
}
