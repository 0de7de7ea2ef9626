package dev.keyturn.server;

import static dev.keyturn.oauth.ErrorCode.INSUFFICIENT_SCOPE;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;
import static dev.keyturn.oauth.ErrorCode.TEMPORARILY_UNAVAILABLE;

import dev.keyturn.gateway.BearerToken;
import dev.keyturn.gateway.Challenge;
import dev.keyturn.gateway.ProtectedResource;
import dev.keyturn.http.Refusals;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.AuthenticationHandler;
import io.vertx.ext.web.impl.UserContextInternal;

/**
 * Lets requests into an application's own routes that show an access token for its resource.
 *
 * <p>The token is judged by vertx-auth-jwt and by our own verdict, as our own routes are: signature
 * by a key of ours, type, issuer, times, revocation; then audience and scopes. The user has {@code
 * sub}, {@code client_id}, {@code scope} and {@code sid}, and not the token. A refusal is answered
 * here, with {@code WWW-Authenticate} and OAuth's JSON.
 *
 * <p>Unlike the handlers of vertx-web it takes nobody else's word: neither a user of the session
 * nor a preflight request passes without a token. A {@code CorsHandler} belongs before it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750#section-3">RFC 6750, section 3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-5">RFC 9728, section 5</a>
 */
public final class KeyturnAuthHandler implements AuthenticationHandler {
  private final TokenVerifier verifier;
  private final ProtectedResource resource;
  private final ProtectedResource challenged;

  private KeyturnAuthHandler(
      TokenVerifier verifier, ProtectedResource resource, ProtectedResource challenged) {
    this.verifier = verifier;
    this.resource = resource;
    this.challenged = challenged;
  }

  static KeyturnAuthHandler of(Live live, String resource, Scopes scopes) {
    var declared = declared(live, new ResourceIndicator(resource));
    var challenge = scopes.isEmpty() ? declared.scopes() : scopes;
    return new KeyturnAuthHandler(
        live.lasting().guard(),
        new ProtectedResource(declared.resource(), scopes),
        new ProtectedResource(declared.resource(), challenge));
  }

  private static ProtectedResource declared(Live live, ResourceIndicator resource) {
    return live.wiring().resources().stream()
        .filter(known -> known.resource().names(resource))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    resource.value() + " is no resource here: name it to the builder"));
  }

  @Override
  public void handle(RoutingContext context) {
    var request = context.request();
    var ended = request.isEnded();
    if (!ended) {
      request.pause(); // Else the body would be gone when the verdict comes.
    }
    var loop = context.vertx().getOrCreateContext();
    Future.succeededFuture(request)
        .compose(asked -> verifier.verify(BearerToken.of(asked)))
        .map(this::admit)
        .onComplete(verdict -> loop.runOnContext(go -> settle(context, verdict, ended)));
  }

  private User admit(AccessToken token) {
    var named =
        token.audience().stream()
            .filter(ResourceIndicator::isValid)
            .anyMatch(audience -> resource.resource().names(new ResourceIndicator(audience)));
    if (!named) {
      throw INVALID_TOKEN.because("the access token is meant for another resource");
    }
    if (!token.scopes().covers(resource.scopes())) {
      throw INSUFFICIENT_SCOPE.because("the access token lacks a scope that is required here");
    }
    return user(token);
  }

  private static User user(AccessToken token) {
    var principal =
        new JsonObject()
            .put("sub", token.subject())
            .put("client_id", token.clientId())
            .put("scope", token.scopes().wire())
            .put("sid", token.sessionId());
    var times =
        new JsonObject()
            .put("iat", token.issuedAt().getEpochSecond())
            .put("exp", token.expiresAt().getEpochSecond());
    return User.create(principal, times);
  }

  private void settle(RoutingContext context, AsyncResult<User> verdict, boolean ended) {
    if (!ended) {
      context.request().resume();
    }
    if (verdict.failed()) {
      refuse(context, verdict.cause());
    } else {
      // The public way to forget an earlier user destroys the session of the application.
      ((UserContextInternal) context.userContext()).setUser(verdict.result());
      context.next();
    }
  }

  /** A refusal is an answer, and no failure of the application that it would log. */
  private void refuse(RoutingContext context, Throwable cause) {
    if (cause instanceof OAuthException refusal) {
      answer(context.response(), refusal.error());
    } else if (cause instanceof UnavailableException away) {
      context.response().putHeader("Retry-After", away.retryAfterSeconds());
      answer(context.response(), new OAuthError(TEMPORARILY_UNAVAILABLE, ""));
    } else {
      context.fail(cause);
    }
  }

  private void answer(HttpServerResponse response, OAuthError error) {
    if (error.code() == INVALID_TOKEN || error.code() == INSUFFICIENT_SCOPE) {
      response.putHeader("WWW-Authenticate", Challenge.of(challenged, error));
    }
    response
        .setStatusCode(error.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(Refusals.body(error).toBuffer());
  }
}
