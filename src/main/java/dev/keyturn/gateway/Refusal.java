package dev.keyturn.gateway;

import dev.keyturn.http.Cors;
import dev.keyturn.http.Refusals;
import dev.keyturn.http.SecurityHeaders;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthError;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own answer to a request that it does not pass on, or that its backend fails.
 *
 * @param headers what this answer has besides those that every refusal has
 */
record Refusal(OAuthError error, Map<String, String> headers) {
  private static final Logger LOG = LoggerFactory.getLogger(Refusal.class);

  /** A refusal that needs no further headers. */
  Refusal(OAuthError error) {
    this(error, Map.of());
  }

  /** The form that a failure takes at {@code backend}. */
  static Refusal of(Throwable failure, Backend backend) {
    if (failure instanceof OAuthException refusal) {
      return of(refusal.error(), backend);
    }
    if (failure instanceof UnavailableException away) {
      LOG.atWarn()
          .setMessage("unavailable")
          .addKeyValue("backend", backend.path())
          .addKeyValue("reason", away.getMessage())
          .log();
      return new Refusal(
          new OAuthError(ErrorCode.TEMPORARILY_UNAVAILABLE, ""),
          Map.of("Retry-After", away.retryAfterSeconds()));
    }
    LOG.atError()
        .setMessage("request failed")
        .addKeyValue("backend", backend.path())
        .setCause(failure)
        .log();
    return new Refusal(new OAuthError(ErrorCode.SERVER_ERROR, ""));
  }

  private static Refusal of(OAuthError error, Backend backend) {
    return switch (error.code()) {
      case INVALID_TOKEN, INSUFFICIENT_SCOPE ->
          new Refusal(error, Map.of("WWW-Authenticate", Challenge.of(backend.asResource(), error)));
      default -> new Refusal(error);
    };
  }

  /** Answers {@code request}, or cuts an answer short that has begun already. */
  void writeTo(HttpServerRequest request) {
    var response = request.response();
    if (response.headWritten()) {
      response.reset();
      return;
    }
    var body = Refusals.body(error).toBuffer();
    response.headers().clear();
    SecurityHeaders.ofNoPage(response);
    response
        .setStatusCode(error.status())
        .putHeader("Content-Type", "application/json")
        .putHeader("Content-Length", String.valueOf(body.length()));
    Cors.allowReading(response);
    headers.forEach(response::putHeader);
    if (leavesBodyUnread(request)) {
      response.putHeader("Connection", "close");
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(body);
    }
  }

  /** Whether the client will not send, or not be heard to the end of, the body it announced. */
  private boolean leavesBodyUnread(HttpServerRequest request) {
    return request.version() != HttpVersion.HTTP_2
        && (error.status() == 413 || request.headers().contains("Expect"));
  }
}
