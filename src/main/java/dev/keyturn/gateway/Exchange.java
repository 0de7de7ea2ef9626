package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;

import dev.keyturn.http.Cors;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.VertxException;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request that is passed on to its backend, and the answer that is passed back.
 *
 * <p>Both bodies are piped: nothing is gathered, and whoever reads slowly slows the other side
 * down. The head of an answer goes out as soon as it has come, since an event stream may be silent
 * for long. When the client leaves, the backend's request is cancelled.
 */
final class Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
  private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);
  private static final Set<HttpMethod> SAFE = Set.of(HttpMethod.GET, HttpMethod.HEAD);

  private final RoutingContext context;
  private final Backend backend;
  private final Transport transport;
  private final BoundedBody body;

  Exchange(RoutingContext context, Backend backend, Transport transport, BoundedBody body) {
    this.context = context;
    this.backend = backend;
    this.transport = transport;
    this.body = body;
  }

  /** Passes the request on with {@code credentials}, and the answer back. */
  Future<Void> pass(Map<String, String> credentials) {
    if (context.response().closed()) {
      return Future.failedFuture(gone());
    }
    return transport
        .client()
        .request(destination())
        .compose(outgoing -> send(outgoing, credentials))
        .recover(this::refuse)
        .compose(this::relay);
  }

  private RequestOptions destination() {
    var request = context.request();
    return new RequestOptions()
        .setAbsoluteURI(backend.url().toString())
        .setURI(backend.target(request.path(), Optional.ofNullable(request.query())))
        .setMethod(request.method())
        .setConnectTimeout(Transport.CONNECT_MILLIS);
  }

  private Future<HttpClientResponse> send(
      HttpClientRequest outgoing, Map<String, String> credentials) {
    if (context.response().closed()) {
      outgoing.reset();
      return Future.failedFuture(gone());
    }
    outgoing.exceptionHandler(Exchange::expectCut);
    context.addEndHandler(end -> cancelIf(end.failed(), outgoing));
    PassedHeaders.toBackend(context.request().headers(), outgoing.headers());
    credentials.forEach(outgoing::putHeader);
    frame(context.request(), outgoing);
    if (context.request().headers().contains("Expect")) {
      context.response().writeContinue();
    }
    if (context.request().isEnded()) {
      outgoing.end(); // Whoever stood before us let it pass: it has no body.
    } else {
      body.pipe().endOnFailure(false).to(outgoing).onFailure(failure -> cancel(outgoing, failure));
    }
    return outgoing.response();
  }

  /** Says how the body ends in the way of HTTP/1.1, however the client has said it. */
  private static void frame(HttpServerRequest request, HttpClientRequest outgoing) {
    var length = request.getHeader("Content-Length");
    if (length != null) {
      outgoing.putHeader("Content-Length", length);
    } else if (request.headers().contains("Transfer-Encoding")
        || (request.version() == HttpVersion.HTTP_2 && !SAFE.contains(request.method()))) {
      outgoing.setChunked(true);
    }
  }

  /** Vert.x would log as an error what is only somebody leaving. */
  private static void expectCut(Throwable failure) {
    LOG.debug("exchange with a backend cut off");
  }

  private static void cancelIf(boolean left, HttpClientRequest outgoing) {
    if (left) {
      outgoing.reset();
    }
  }

  /** A request that was cut off leaves its connection in no state to carry another. */
  private void cancel(HttpClientRequest outgoing, Throwable failure) {
    outgoing.reset(0, failure);
    outgoing.connection().close();
    body.discard();
  }

  private Future<Void> relay(HttpClientResponse answer) {
    if (answer.statusCode() == 401) {
      answer.exceptionHandler(Exchange::expectCut).request().reset();
      throw badGateway("the server behind this one refused the credentials it was given");
    }
    var response = context.response();
    response.setStatusCode(answer.statusCode());
    PassedHeaders.toClient(answer.headers(), response.headers());
    response.putHeader("X-Content-Type-Options", "nosniff");
    Cors.allowReading(response);
    if (hasBody(answer) && !response.headers().contains("Content-Length")) {
      response.setChunked(true).writeHead();
    }
    return answer.pipe().endOnFailure(false).to(response).recover(cut -> abort(answer));
  }

  private boolean hasBody(HttpClientResponse answer) {
    return !context.request().method().equals(HttpMethod.HEAD)
        && !WITHOUT_BODY.contains(answer.statusCode());
  }

  /** Cuts the answer short where it was cut short, so that nobody takes it for whole. */
  private Future<Void> abort(HttpClientResponse answer) {
    answer.request().reset();
    return context.response().ended()
        ? Future.succeededFuture()
        : context.response().reset().otherwiseEmpty(); // A client that left has done so itself.
  }

  private <T> Future<T> refuse(Throwable failure) {
    if (failure.getCause() instanceof OAuthException refusal) {
      return Future.failedFuture(refusal);
    }
    if (!context.response().closed()) {
      LOG.atWarn()
          .setMessage("backend did not answer")
          .addKeyValue("backend", backend.path())
          .addKeyValue("reason", failure.getClass().getSimpleName())
          .log();
    }
    return Future.failedFuture(badGateway("the server behind this one cannot be reached"));
  }

  static OAuthException badGateway(String description) {
    return new OAuthException(SERVER_ERROR.because(description).error().withStatus(502));
  }

  private static VertxException gone() {
    return new VertxException("the client has left", true);
  }
}
