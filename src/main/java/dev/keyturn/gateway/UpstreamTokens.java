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
}
