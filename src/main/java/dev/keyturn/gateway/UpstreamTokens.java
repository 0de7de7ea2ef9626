package dev.keyturn.gateway;

import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;

/** Tells the upstream access tokens of the sessions that our access tokens belong to. */
@FunctionalInterface
public interface UpstreamTokens {
  /**
   * A usable access token of {@code upstream} for the session of {@code token}. Fails with {@code
   * invalid_token} if only a new login can bring one, and with {@code UnavailableException} if it
   * cannot be told now.
   */
  Future<String> accessToken(AccessToken token, String upstream);

  /**
   * Another access token than {@code refused}, which a backend does not take. Fails likewise, and
   * with {@code server_error} if there is no hope in another one.
   */
  default Future<String> insteadOf(String refused, AccessToken token, String upstream) {
    return Future.failedFuture(Exchange.refusedByBackend());
  }
}
