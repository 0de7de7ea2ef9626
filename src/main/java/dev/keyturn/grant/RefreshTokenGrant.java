package dev.keyturn.grant;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;
import static dev.keyturn.oauth.ErrorCode.INVALID_SCOPE;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Session;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;
import java.util.function.Function;

/**
 * Trades a refresh token for the next tokens of its session.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-6">RFC 6749, section 6</a>
 */
public final class RefreshTokenGrant implements Grant {
  private final SessionTokens tokens;
  private final Function<Session, Future<Void>> standing;

  /** One that asks nobody whether the session may go on. */
  public RefreshTokenGrant(SessionTokens tokens) {
    this(tokens, session -> Future.succeededFuture());
  }

  /**
   * @param standing fails if the session may not go on
   */
  public RefreshTokenGrant(SessionTokens tokens, Function<Session, Future<Void>> standing) {
    this.tokens = tokens;
    this.standing = standing;
  }

  @Override
  public String type() {
    return Client.REFRESH_TOKEN;
  }

  @Override
  public Future<TokenSet> redeem(TokenRequest request) {
    return tokens.refreshIf(
        request.parameters().required("refresh_token"),
        session ->
            Future.succeededFuture(check(request, session))
                .compose(wish -> standing.apply(session).map(wish)));
  }

  private static SessionTokens.Wish check(TokenRequest request, Session session) {
    var authorization = session.authorization();
    if (!authorization.clientId().equals(request.client().id())) {
      throw INVALID_GRANT.because("the refresh token was issued to another client");
    }
    if (!authorization
        .commitment()
        .map(made -> made.isOfSameMethod(request.client()))
        .orElse(true)) {
      throw INVALID_GRANT.because("the session began with another client authentication");
    }
    return new SessionTokens.Wish(
        scopes(request, authorization.scopes()), request.audience(authorization.resources()));
  }

  /** Narrower scopes are for the access token only; wider ones need a new login. */
  private static Scopes scopes(TokenRequest request, Scopes granted) {
    var asked =
        request
            .parameters()
            .find("scope")
            .map(Scopes::parse)
            .filter(scopes -> !scopes.isEmpty())
            .orElse(granted);
    if (!granted.covers(asked)) {
      throw INVALID_SCOPE.because("scope is wider than what was granted");
    }
    return asked;
  }
}
