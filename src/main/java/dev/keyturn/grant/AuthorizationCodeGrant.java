package dev.keyturn.grant;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.client.Client;
import dev.keyturn.token.AuthorizationCode;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.Sessions;
import dev.keyturn.token.TokenSet;
import io.vertx.core.Future;
import java.util.Map;

/**
 * Trades an authorization code for the first tokens of a session.
 *
 * <p>The request is checked before the code is spent, so a mistake costs nobody a login. Whoever
 * comes second with the right proof ends what the code started: one of the two is a thief.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3">RFC 6749, section 4.1.3</a>
 */
public final class AuthorizationCodeGrant implements Grant {
  private final AuthorizationCodes codes;
  private final SessionTokens tokens;
  private final Sessions sessions;
  private final Audit audit;

  public AuthorizationCodeGrant(
      AuthorizationCodes codes, SessionTokens tokens, Sessions sessions, Audit audit) {
    this.codes = codes;
    this.tokens = tokens;
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  public String type() {
    return Client.AUTHORIZATION_CODE;
  }

  @Override
  public Future<TokenSet> redeem(TokenRequest request) {
    var code = request.parameters().required("code");
    var verifier = verifier(request);
    return codes
        .find(code)
        .compose(
            found ->
                found.isPresent()
                    ? spend(request, code, verifier, found.get())
                    : refuseReplay(request, code, verifier));
  }

  private Future<TokenSet> spend(
      TokenRequest request, String code, String verifier, AuthorizationCode content) {
    requireProof(request, verifier, content);
    var authorization = content.authorization();
    var audience = request.audience(authorization.resources());
    return codes
        .spend(code, content)
        .compose(
            mine ->
                mine
                    ? tokens
                        .begin(
                            authorization,
                            audience,
                            content.nonce(),
                            request.client().may(Client.REFRESH_TOKEN))
                        .onSuccess(
                            issued -> tell(Kind.CODE_REDEEMED, request, authorization.sessionId()))
                    : refuseReplay(request, code, verifier));
  }

  /** Only a client that may leave the challenge out may leave the verifier out. */
  private static String verifier(TokenRequest request) {
    return request.client().authentication().requiresPkce()
        ? request.parameters().required("code_verifier")
        : request.parameters().find("code_verifier").orElse("");
  }

  private static void requireProof(
      TokenRequest request, String verifier, AuthorizationCode content) {
    if (!content.authorization().clientId().equals(request.client().id())) {
      throw INVALID_GRANT.because("the code was issued to another client");
    }
    requireUnchanged(request.client(), content);
    if (!content.isProvenBy(verifier)) {
      throw INVALID_GRANT.because("code_verifier does not match");
    }
    // OAuth 2.1 leaves the parameter out of the token request; where it is sent, it must match.
    if (!request
        .parameters()
        .find("redirect_uri")
        .orElse(content.redirectUri())
        .equals(content.redirectUri())) {
      throw INVALID_GRANT.because("redirect_uri differs from the authorization request");
    }
  }

  /** A document that changed since the person was asked may be somebody else's by now. */
  private static void requireUnchanged(Client client, AuthorizationCode content) {
    if (client.kind() == Client.Kind.METADATA_DOCUMENT
        && client.admits(content.redirectUri()).isEmpty()) {
      throw INVALID_GRANT.because("redirect_uri is none of the client's any more");
    }
    if (!content.authorization().commitment().map(made -> made.isKeptBy(client)).orElse(true)) {
      throw INVALID_GRANT.because("the client authenticates otherwise than when it asked");
    }
  }

  private Future<TokenSet> refuseReplay(TokenRequest request, String code, String verifier) {
    return codes
        .replayed(code, request.client().id(), verifier)
        .compose(session -> session.map(id -> end(request, id)).orElseGet(Future::succeededFuture))
        .compose(
            ended ->
                Future.failedFuture(INVALID_GRANT.because("the code is not valid or was used")));
  }

  private Future<Void> end(TokenRequest request, String sessionId) {
    tell(Kind.CODE_REPLAYED, request, sessionId);
    return sessions.end(sessionId);
  }

  private void tell(Kind kind, TokenRequest request, String sessionId) {
    audit.tell(kind, Map.of("client", request.client().id(), "session", sessionId));
  }
}
