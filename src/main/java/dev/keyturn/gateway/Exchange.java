package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;

import dev.keyturn.http.Cors;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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

  /**
   * Passes the request on with {@code credentials}, and the answer back; once more with others, if
   * the backend refuses these and the body is not too long to be sent twice.
   */
  Future<Void> pass(Map<String, String> credentials, Optional<Renewal> renewal) {
    if (context.response().closed()) {
      return Future.failedFuture(gone());
    }
    if (context.request().headers().contains("Expect")) {
      context.response().writeContinue();
    }
    return renewal.isEmpty()
        ? send(credentials, HeldBody.NONE).compose(this::relay)
        : HeldBody.of(context.request(), body)
            .compose(
                held ->
                    send(credentials, held)
                        .compose(answer -> again(answer, held, renewal.get()))
                        .compose(this::relay));
  }

  /** Finds other credentials than those that were refused. */
  @FunctionalInterface
  interface Renewal {
    Future<Map<String, String>> find();
  }

  /** Somebody else may have found them, on an event loop that is not ours. */
  private Future<HttpClientResponse> again(
      HttpClientResponse answer, HeldBody held, Renewal renewal) {
    if (answer.statusCode() != 401 || !held.whole()) {
      return Future.succeededFuture(answer);
    }
    drop(answer);
    var loop = context.vertx().getOrCreateContext();
    var found = Promise.<Map<String, String>>promise();
    renewal.find().onComplete(result -> loop.runOnContext(go -> found.handle(result)));
    return found.future().compose(others -> send(others, held));
  }

  private Future<HttpClientResponse> send(Map<String, String> credentials, HeldBody held) {
    if (context.response().closed()) {
      return Future.failedFuture(gone());
    }
    return transport
        .client()
        .request(destination())
        .compose(outgoing -> send(outgoing, credentials, held))
        .recover(this::refuse);
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
      HttpClientRequest outgoing, Map<String, String> credentials, HeldBody held) {
    if (context.response().closed()) {
      outgoing.reset();
      return Future.failedFuture(gone());
    }
    outgoing.exceptionHandler(Exchange::expectCut);
    context.addEndHandler(end -> cancelIf(end.failed(), outgoing));
    PassedHeaders.toBackend(context.request().headers(), outgoing.headers());
    credentials.forEach(outgoing::putHeader);
    frame(context.request(), outgoing);
    if (!held.whole() && context.request().isEnded()) {
      outgoing.end(); // Whoever stood before us let it pass: it has no body.
    } else {
      held.to(outgoing, body).onFailure(failure -> cancel(outgoing, failure));
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
      drop(answer);
      throw refusedByBackend();
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

  private static void drop(HttpClientResponse answer) {
    answer.exceptionHandler(Exchange::expectCut).request().reset();
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

  static OAuthException refusedByBackend() {
    return badGateway("the server behind this one refused the credentials it was given");
  }

  static OAuthException badGateway(String description) {
    return new OAuthException(SERVER_ERROR.because(description).error().withStatus(502));
  }

  private static VertxException gone() {
    return new VertxException("the client has left", true);
  }
}
