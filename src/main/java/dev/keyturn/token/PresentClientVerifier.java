package dev.keyturn.token;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.client.Presence;
import io.vertx.core.Future;

/** Judges access tokens as another verifier does, and refuses those whose client is gone. */
public record PresentClientVerifier(TokenVerifier others, Presence clients)
    implements TokenVerifier {
  @Override
  public Future<AccessToken> verify(String token) {
    return others
        .verify(token)
        .compose(
            access ->
                clients
                    .isKnown(access.clientId())
                    .compose(
                        known ->
                            known
                                ? Future.succeededFuture(access)
                                : Future.failedFuture(
                                    INVALID_TOKEN.because("the client is not known any more"))));
  }
}
