package dev.keyturn.upstream;

import dev.keyturn.oauth.ErrorCode;
import io.vertx.core.Future;

/**
 * An identity provider that people log in at and whose tokens Keyturn keeps for them.
 *
 * <p>Failures are of two kinds. An {@link dev.keyturn.oauth.OAuthException} is the provider's own
 * no, by name only; an {@link dev.keyturn.oauth.UnavailableException} says nothing about the person
 * or the tokens, and trying again may help.
 */
public interface Upstream {
  /** The name in the configuration. */
  String name();

  /** Fails with {@code UnavailableException} while logins cannot begin. */
  default Future<Void> requireReady() {
    return Future.succeededFuture();
  }

  /** The authorization request that the browser is sent away with. */
  Future<LoginBegun> begin(LoginRequest request);

  /**
   * Turns what the browser came back with into tokens, and the tokens into a person. A login that
   * was begun at another provider of this name is {@code temporarily_unavailable}.
   */
  Future<UpstreamLogin> finish(LoginAnswer answer);

  /**
   * Sends the refresh token away, and tells what became of it as soon as that is known. A failure
   * is one before anything was sent.
   *
   * @param generation the {@link ClientGeneration} that it was given to, since no other client can
   *     redeem it; empty where there has been only one
   */
  Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation);

  /**
   * Judges tokens that {@link #redeem} brought: the same ones, if they are of that person and that
   * person may still log in; else {@code invalid_grant} or {@code access_denied}. An ID token that
   * proves nothing is {@code server_error}.
   *
   * @param generation the client that they were given to, as for {@link #redeem}
   */
  Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation);

  /** Judges a logout token; one that is not good, or not this provider's, is refused. */
  default Future<LogoutNotice> loggedOut(String token) {
    return Future.failedFuture(
        ErrorCode.INVALID_REQUEST.because("logout_token is not good: nobody sends any"));
  }

  /**
   * Gives tokens back that nobody uses any more: the refresh token, or the access token where there
   * is none. Fails with {@code UnavailableException} if the provider cannot be asked now.
   *
   * @param generation the client that they were given to, as for {@link #redeem}
   */
  default Future<RevocationAnswer> revoke(UpstreamTokens unused, String generation) {
    return Future.succeededFuture(RevocationAnswer.NOT_OFFERED);
  }
}
