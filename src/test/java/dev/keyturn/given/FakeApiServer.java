package dev.keyturn.given;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A Kubernetes API server on loopback that holds one ConfigMap and misbehaves when told to. */
public final class FakeApiServer {
  /** The status of every answer. */
  public volatile int status = 200;

  public volatile Manner manner = Manner.WHOLE;

  /** The one token that is accepted. */
  public volatile String token = "token-1";

  public volatile String body = "{}";

  /** What was sent in Authorization. */
  public final List<String> shown = new CopyOnWriteArrayList<>();

  public final List<String> asked = new CopyOnWriteArrayList<>();
  public final AtomicInteger requests = new AtomicInteger();

  private final HttpServer server;

  private FakeApiServer(Vertx vertx, GivenCertificate certificate, String host, int port) {
    var options =
        new HttpServerOptions()
            .setSsl(true)
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .addCertValue(Buffer.buffer(certificate.certificatePem()))
                    .addKeyValue(Buffer.buffer(certificate.keyPem())));
    this.server =
        Outcome.of(vertx.createHttpServer(options).requestHandler(this::answer).listen(port, host));
  }

  /** How much of an answer comes. */
  public enum Manner {
    WHOLE,
    NOTHING,
    HALF_AND_THEN_NOTHING,
    HALF_AND_THEN_THE_END
  }

  /** Starts one at a free port; it ends with {@code vertx}. */
  public static FakeApiServer start(Vertx vertx, GivenCertificate certificate, String host) {
    return start(vertx, certificate, host, 0);
  }

  /** Starts one at {@code port}; it ends with {@code vertx}. */
  public static FakeApiServer start(
      Vertx vertx, GivenCertificate certificate, String host, int port) {
    return new FakeApiServer(vertx, certificate, host, port);
  }

  public int port() {
    return server.actualPort();
  }

  /** Nobody listens there any more. */
  public void stop() {
    Outcome.of(server.close());
  }

  /** Holds {@code value} under {@code key}, among what a ConfigMap has besides. */
  public void hold(String key, Object value) {
    body =
        new JsonObject()
            .put("kind", "ConfigMap")
            .put("apiVersion", "v1")
            .put("metadata", new JsonObject().put("name", "keyturn").put("resourceVersion", "7"))
            .put("data", new JsonObject().put("other.yaml", "other: 1").put(key, value))
            .encode();
  }

  private void answer(HttpServerRequest request) {
    var header = String.valueOf(request.getHeader("Authorization"));
    requests.incrementAndGet();
    shown.add(header);
    asked.add(request.method() + " " + request.uri());
    var response = request.response().setStatusCode(status);
    if (status / 100 == 3) {
      response.putHeader("Location", "https://127.0.0.1:" + port() + "/elsewhere");
    }
    if (header.equals("Bearer " + token)) {
      send(response);
    } else {
      response.setStatusCode(401).end();
    }
  }

  private void send(HttpServerResponse response) {
    var whole = Buffer.buffer(body);
    var half = whole.slice(0, whole.length() / 2);
    response.putHeader("Content-Type", "application/json");
    switch (manner) {
      case WHOLE -> response.end(whole);
      case NOTHING -> requests.get();
      case HALF_AND_THEN_NOTHING -> response.setChunked(true).write(half);
      case HALF_AND_THEN_THE_END ->
          response
              .putHeader("Content-Length", String.valueOf(whole.length()))
              .write(half)
              .onComplete(written -> response.reset());
    }
  }
}
