package dev.keyturn.gateway;

import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import java.util.Map;

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
}
