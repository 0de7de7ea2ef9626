package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/** An MCP server that remembers what arrived, and whose event streams say what they are told to. */
public final class RecordingBackend implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final List<MultiMap> arrived = new CopyOnWriteArrayList<>();
  private final List<String> bodies = new CopyOnWriteArrayList<>();
  private volatile Predicate<String> refused = credentials -> false;
  private final List<HttpServerResponse> streams = new CopyOnWriteArrayList<>();
  private final HttpServer server =
      done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.actualPort() + "/mcp");
  }

  /** The headers of the last request. */
  public MultiMap last() {
    return arrived.get(arrived.size() - 1);
  }

  /** How many requests arrived. */
  public int count() {
    return arrived.size();
  }

  /** Sends an event on every stream that is open. */
  public void say(String event) {
    streams.forEach(stream -> stream.write("data: " + event + "\n\n"));
  }

  @Override
  public void close() {
    done(vertx.close());
  }

  /** Answers 401 to these values of {@code Authorization}. */
  public void refuse(Predicate<String> credentials) {
    refused = credentials;
  }

  /** The body of the last request that was posted. */
  public String lastBody() {
    return bodies.get(bodies.size() - 1);
  }

  private void answer(HttpServerRequest request) {
    arrived.add(request.headers());
    if (refused.test(String.valueOf(request.getHeader("Authorization")))) {
      request.response().setStatusCode(401).putHeader("WWW-Authenticate", "Bearer").end();
    } else if (request.method().equals(HttpMethod.GET)) {
      streams.add(request.response());
      request
          .response()
          .setChunked(true)
          .putHeader("Content-Type", "text/event-stream")
          .writeHead();
    } else {
      request
          .body()
          .onSuccess(
              body -> {
                bodies.add(body.toString());
                request.response().putHeader("Content-Type", "application/json").end("{}");
              });
    }
  }
}
