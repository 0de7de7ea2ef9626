package dev.keyturn.token;

import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.keys.SignatureVerifier;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;

/**
 * Reads ID tokens that a client sends along to say whose login it expects.
 *
 * <p>A hint may have expired, as long as a session may last: what it says is still who that was.
 * One that we have not issued, or not to this client, is refused, never passed over: the client
 * believes that somebody else cannot be logged in.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthRequestValidation">OpenID
 *     Connect Core, section 3.1.2.2</a>
 */
public final class IdTokenHints {
  private final Issuer issuer;
  private final SignatureVerifier signatures;
  private final Duration longestSession;
  private final Clock clock;

  /**
   * @param longestSession how old a hint may be
   */
  public IdTokenHints(
      Issuer issuer, SignatureVerifier signatures, Duration longestSession, Clock clock) {
    this.issuer = issuer;
    this.signatures = signatures;
    this.longestSession = longestSession;
    this.clock = clock;
  }

  /** The subject of a hint of ours to this client; any other is {@code invalid_request}. */
  public Future<String> subject(String hint, String clientId) {
    return signatures
        .verify(hint, JwtIssuer.ID_TOKEN)
        .recover(
            failure -> Future.failedFuture(failure instanceof OAuthException ? foreign() : failure))
        .map(
            claims ->
                Optional.ofNullable(claims.getSubject())
                    .filter(subject -> isOurs(claims) && claims.getAudience().contains(clientId))
                    .filter(subject -> isRecent(claims.getIssueTime()))
                    .orElseThrow(IdTokenHints::foreign));
  }

  /** What a hint of ours says, whichever client brings it; empty for any other. */
  public Future<Optional<Hint>> find(String hint) {
    return signatures
        .verify(hint, JwtIssuer.ID_TOKEN)
        .map(
            claims ->
                Optional.of(claims)
                    .filter(this::isOurs)
                    .filter(ours -> isRecent(ours.getIssueTime()))
                    .flatMap(Hint::of))
        .recover(
            failure ->
                failure instanceof OAuthException
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(failure));
  }

  /** The session of a client that an ID token of ours is about. */
  public record Hint(String sessionId, String clientId) {
    private static Optional<Hint> of(JWTClaimsSet claims) {
      return claims.getClaim("sid") instanceof String sid && claims.getAudience().size() == 1
          ? Optional.of(new Hint(sid, claims.getAudience().get(0)))
          : Optional.empty();
    }
  }

  private boolean isOurs(JWTClaimsSet claims) {
    return issuer.value().equals(claims.getIssuer());
  }

  private boolean isRecent(@org.jspecify.annotations.Nullable Date issued) {
    return issued != null && clock.instant().isBefore(issued.toInstant().plus(longestSession));
  }

  private static OAuthException foreign() {
    return INVALID_REQUEST.because(
        "id_token_hint is not an ID token that this server gave this client lately");
  }
}
