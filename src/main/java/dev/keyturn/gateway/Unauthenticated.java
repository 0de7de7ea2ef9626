package dev.keyturn.gateway;

import dev.keyturn.token.AccessToken;
import io.vertx.core.Future;
import java.util.Map;

/** Gives the backend no credential at all; those of the client are stripped all the same. */
public record Unauthenticated() implements Outgoing {
  @Override
  public Future<Map<String, String>> headers(AccessToken token, UpstreamTokens upstreams) {
    return Future.succeededFuture(Map.of());
  }
}
