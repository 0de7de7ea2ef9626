package dev.keyturn.token;

import io.vertx.core.Future;

/** Judges access tokens: signature, type, issuer, times, revocation; not the audience. */
@FunctionalInterface
public interface TokenVerifier {
  /**
   * The token's claims; fails with {@code invalid_token} if it is not one of ours or has ended, and
   * with {@code UnavailableException} if that cannot be told now.
   */
  Future<AccessToken> verify(String token);
}
