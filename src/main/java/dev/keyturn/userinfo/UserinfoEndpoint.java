package dev.keyturn.userinfo;

import static dev.keyturn.oauth.ErrorCode.INSUFFICIENT_SCOPE;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Sessions;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Tells a client about the person whose access token it holds, as far as the scopes go.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#UserInfo">OpenID Connect
 *     Core, section 5.3</a>
 */
public final class UserinfoEndpoint implements Endpoint {
  private static final String PATH = "/oauth/userinfo";
  private static final String SCHEME = "bearer ";

  private final Issuer issuer;
  private final TokenVerifier verifier;
  private final Sessions sessions;

  public UserinfoEndpoint(Issuer issuer, TokenVerifier verifier, Sessions sessions) {
    this.issuer = issuer;
    this.verifier = verifier;
    this.sessions = sessions;
  }

  @Override
  public List<Route> routes() {
    return List.of(
        Route.forPrograms(List.of(issuer.route(PATH)), Set.of("GET", "POST"), this::answer));
  }

  @Override
  public Map<String, Object> metadata() {
    return Map.of(
        "userinfo_endpoint", issuer.url(PATH),
        "subject_types_supported", List.of("public"),
        "claims_supported",
            List.of("sub", "name", "email", "email_verified", "auth_time", "acr", "amr"));
  }

  private Future<Reply> answer(Request request) {
    var header = request.header("Authorization").orElse("");
    if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Future.succeededFuture(Reply.empty(401).with("WWW-Authenticate", "Bearer"));
    }
    return verifier
        .verify(header.substring(SCHEME.length()).trim())
        .compose(this::describe)
        .map(claims -> Reply.json(200, claims))
        .recover(UserinfoEndpoint::challenge);
  }

  private Future<JsonObject> describe(AccessToken token) {
    if (!token.scopes().contains(Scopes.OPENID)) {
      return Future.failedFuture(INSUFFICIENT_SCOPE.because("the token lacks the scope openid"));
    }
    return sessions
        .find(token.sessionId())
        .map(session -> session.orElseThrow(() -> INVALID_TOKEN.because("the session has ended")))
        .map(session -> claims(token, session.authorization().person()));
  }

  private static JsonObject claims(AccessToken token, Authorization.Person person) {
    var claims = new JsonObject().put("sub", token.subject());
    if (token.scopes().contains("profile")) {
      person.name().ifPresent(value -> claims.put("name", value));
    }
    if (token.scopes().contains("email")) {
      person
          .email()
          .ifPresent(
              value -> claims.put("email", value).put("email_verified", person.emailVerified()));
    }
    return claims;
  }

  private static Future<Reply> challenge(Throwable failure) {
    return failure instanceof OAuthException refusal
            && Set.of(ErrorCode.INVALID_TOKEN, ErrorCode.INSUFFICIENT_SCOPE)
                .contains(refusal.error().code())
        ? Future.succeededFuture(challenge(refusal.error()))
        : Future.failedFuture(failure);
  }

  private static Reply challenge(OAuthError error) {
    var lacks = error.code() == INSUFFICIENT_SCOPE ? ", scope=\"" + Scopes.OPENID + "\"" : "";
    return Reply.json(error.status(), Refusals.body(error))
        .with("WWW-Authenticate", "Bearer error=\"" + error.code().wire() + "\"" + lacks);
  }
}
