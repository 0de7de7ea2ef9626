package dev.keyturn.gateway;

import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/** What a backend is given in place of the client's access token. */
@FunctionalInterface
public interface Outgoing {
  /**
   * The headers to set on the request to the backend, by name; they hold credentials.
   *
   * @param token the verified access token of the client
   * @param upstreams where upstream access tokens are asked for
   */
  Future<Map<String, String>> headers(AccessToken token, UpstreamTokens upstreams);

  /** The upstream whose access token it is made of; empty where it is made of none. */
  default Optional<String> upstream() {
    return Optional.empty();
  }

  /** Whether there may be others where the backend refuses {@link #headers}. */
  default boolean isRenewable() {
    return false;
  }

  /**
   * Others, after the backend has refused these with 401. Fails if there are none.
   *
   * @param refused what {@link #headers} has given
   */
  default Future<Map<String, String>> renewed(
      AccessToken token, UpstreamTokens upstreams, Map<String, String> refused) {
    return Future.failedFuture(Exchange.refusedByBackend());
  }
}
