package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INSUFFICIENT_SCOPE;
import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.http.Cors;
import dev.keyturn.http.SecurityHeaders;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.TokenVerifier;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The protected resources: admits requests that show a token for their backend, and passes them on.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9728#section-5">RFC 9728, section 5</a>
 */
public final class Gateway {
  private static final Set<String> ALLOWED =
      new TreeSet<>(Set.of("GET", "HEAD", "POST", "DELETE", "OPTIONS"));

  private static final int BAD_GATEWAY = 502;

  private final Backends backends;
  private final TokenVerifier verifier;
  private final UpstreamTokens upstreams;
  private final Transport transport;

  public Gateway(
      Backends backends, TokenVerifier verifier, UpstreamTokens upstreams, Transport transport) {
    this.backends = backends;
    this.verifier = verifier;
    this.upstreams = upstreams;
    this.transport = transport;
  }

  /** Takes the requests that {@code router} has not given to an endpoint before. */
  public void mount(Router router) {
    router.route().handler(this::handle);
  }

  private void handle(RoutingContext context) {
    var path = context.request().path();
    if (path == null || !RequestPath.isUnambiguous(path)) {
      new Refusal(INVALID_REQUEST.because("the path is ambiguous").error())
          .writeTo(context.request());
    } else {
      backends.serving(path).ifPresentOrElse(found -> serve(context, found), context::next);
    }
  }

  private void serve(RoutingContext context, Backend backend) {
    var request = context.request();
    if (request.method().equals(HttpMethod.OPTIONS)) {
      SecurityHeaders.ofNoPage(request.response());
      Cors.answerPreflight(request, ALLOWED);
    } else if (ALLOWED.contains(request.method().name())) {
      pass(context, backend, new BoundedBody(request, transport.maxBody()));
    } else {
      var error = INVALID_REQUEST.because("this method is not allowed here").error();
      new Refusal(error.withStatus(405), Map.of("Allow", String.join(", ", ALLOWED)))
          .writeTo(request);
    }
  }

  /** Others may wait for the same look-up, which then ends on an event loop that is not ours. */
  private void pass(RoutingContext context, Backend backend, BoundedBody body) {
    var loop = context.vertx().getOrCreateContext();
    var exchange = new Exchange(context, backend, transport, body);
    Future.succeededFuture(context.request())
        .compose(request -> admit(request, body, backend))
        .compose(token -> credentials(token, backend))
        .onComplete(
            given ->
                loop.runOnContext(
                    go ->
                        settled(given)
                            .compose(found -> exchange.pass(found.headers, found.renewal))
                            .onFailure(
                                failure -> refuse(context.request(), failure, backend, body))));
  }

  private static <T> Future<T> settled(AsyncResult<T> result) {
    return result.succeeded()
        ? Future.succeededFuture(result.result())
        : Future.failedFuture(result.cause());
  }

  private Future<AccessToken> admit(HttpServerRequest request, BoundedBody body, Backend backend) {
    body.requireFittingLength();
    return verifier.verify(BearerToken.of(request)).map(token -> requireFor(backend, token));
  }

  private static AccessToken requireFor(Backend backend, AccessToken token) {
    if (!backend.isNamedBy(token.audience())) {
      throw INVALID_TOKEN.because("the access token is meant for another resource");
    }
    if (!token.scopes().covers(backend.scopes())) {
      throw INSUFFICIENT_SCOPE.because("the access token lacks a scope that is required here");
    }
    return token;
  }

  private Future<Found> credentials(AccessToken token, Backend backend) {
    var outgoing = backend.outgoing();
    return outgoing
        .headers(token, upstreams)
        .recover(Gateway::withoutCredentials)
        .map(
            headers ->
                new Found(
                    headers,
                    outgoing.isRenewable()
                        ? Optional.of(
                            () ->
                                outgoing
                                    .renewed(token, upstreams, headers)
                                    .recover(Gateway::withoutCredentials))
                        : Optional.empty()));
  }

  /** The headers for a backend, and the way to others. */
  private record Found(Map<String, String> headers, Optional<Exchange.Renewal> renewal) {
    /** Shows nothing, since they hold credentials. */
    @Override
    public String toString() {
      return "Found[hidden]";
    }
  }

  private static Future<Map<String, String>> withoutCredentials(Throwable failure) {
    var clear =
        failure instanceof UnavailableException
            || (failure instanceof OAuthException refusal
                && refusal.error().code() == INVALID_TOKEN);
    var answered =
        failure instanceof OAuthException refusal && refusal.error().status() == BAD_GATEWAY;
    return Future.failedFuture(
        clear || answered
            ? failure
            : Exchange.badGateway("no credentials could be had for the server behind this one"));
  }

  private static void refuse(
      HttpServerRequest request, Throwable failure, Backend backend, BoundedBody body) {
    if (request.response().closed() || request.response().ended()) {
      return;
    }
    var refusal = Refusal.of(failure, backend);
    refusal.writeTo(request);
    body.discard();
  }
}
