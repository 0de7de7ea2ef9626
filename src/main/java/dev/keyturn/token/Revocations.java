package dev.keyturn.token;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/**
 * Makes tokens worthless before their time: a refresh token takes its whole session with it, an
 * access token only itself.
 *
 * <p>A token that is not ours, or has ended, is worthless already, so nothing happens. What kind a
 * token is shows in its form; nobody has to say so.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2.1">RFC 7009, section 2.1</a>
 */
public final class Revocations {
  private final OpaqueTokens refreshTokens;
  private final TokenVerifier accessTokens;
  private final Sessions sessions;
  private final Denials denials;
  private final Audit audit;

  public Revocations(
      OpaqueTokens refreshTokens,
      TokenVerifier accessTokens,
      Sessions sessions,
      Denials denials,
      Audit audit) {
    this.refreshTokens = refreshTokens;
    this.accessTokens = accessTokens;
    this.sessions = sessions;
    this.denials = denials;
    this.audit = audit;
  }

  /** Revokes {@code token}; fails only if that cannot be done now. */
  public Future<Void> revoke(String token) {
    return refreshTokens
        .sessionOf(token)
        .map(this::endSession)
        .orElseGet(() -> accessTokens.verify(token).compose(this::deny))
        .recover(
            failure ->
                failure instanceof OAuthException
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  /**
   * The same for a client, who may revoke its own tokens only: of any other token nothing happens,
   * and nothing is told.
   */
  public Future<Void> revoke(String token, String clientId) {
    return clientOf(token)
        .compose(
            owner ->
                owner.filter(clientId::equals).isPresent()
                    ? revoke(token)
                    : Future.succeededFuture());
  }

  private Future<Optional<String>> clientOf(String token) {
    return refreshTokens
        .sessionOf(token)
        .map(
            id ->
                sessions
                    .find(id)
                    .map(found -> found.map(session -> session.authorization().clientId())))
        .orElseGet(
            () ->
                accessTokens
                    .verify(token)
                    .map(access -> Optional.of(access.clientId()))
                    .recover(
                        failure ->
                            failure instanceof OAuthException
                                ? Future.succeededFuture(Optional.empty())
                                : Future.failedFuture(failure)));
  }

  private Future<Void> endSession(String sessionId) {
    return sessions.end(sessionId).onSuccess(done -> tell(sessionId, "session"));
  }

  private Future<Void> deny(AccessToken token) {
    return denials.deny(token).onSuccess(done -> tell(token.sessionId(), "access_token"));
  }

  private void tell(String sessionId, String outcome) {
    audit.tell(Kind.TOKEN_REVOKED, Map.of("session", sessionId, "outcome", outcome));
  }
}
