package dev.keyturn.app.source;

import dev.keyturn.crypto.Digest;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands between Vert.x' ConfigMap store and the Kubernetes API, on loopback.
 *
 * <p>The store would believe every server, and take an error for an empty configuration. So it is
 * given a pass that is worth nothing elsewhere, and this is the only server that it can reach:
 * exactly one path is answered, with exactly one key, or else with an error that no store takes for
 * a configuration. Another process on this machine lacks the pass.
 */
final class Relay {
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final ConfigMapKey served;
  private final String pass;
  private final Supplier<Future<String>> origin;
  private Optional<Throwable> failure = Optional.empty();
  private @Nullable HttpServer server;

  /**
   * @param pass what the store shows in place of a token
   * @param origin where the text really comes from
   */
  Relay(Vertx vertx, ConfigMapKey served, String pass, Supplier<Future<String>> origin) {
    this.vertx = vertx;
    this.served = served;
    this.pass = pass;
    this.origin = origin;
  }

  /** Begins to answer; tells at which port. */
  Future<Integer> open() {
    if (server != null) {
      return Future.succeededFuture(server.actualPort());
    }
    return vertx
        .createHttpServer()
        .requestHandler(this::answer)
        .listen(0, HOST)
        .map(
            listening -> {
              server = listening;
              return listening.actualPort();
            });
  }

  /** Why the last answer was an error, if it was one. */
  Optional<Throwable> failure() {
    return failure;
  }

  Future<Void> close() {
    return server == null ? Future.succeededFuture() : server.close();
  }

  private void answer(HttpServerRequest request) {
    failure = Optional.empty();
    var sent = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
    if (!Digest.same(sent, "Bearer " + pass)) {
      end(request, 401);
    } else if (!request.method().equals(HttpMethod.GET) || !request.uri().equals(served.path())) {
      end(request, 404);
    } else {
      Future.succeededFuture()
          .compose(go -> origin.get())
          .onSuccess(text -> end(request, text))
          .onFailure(
              cause -> {
                failure = Optional.of(cause);
                end(request, 502);
              });
    }
  }

  private void end(HttpServerRequest request, String text) {
    var data = new JsonObject().put(served.key(), text);
    request
        .response()
        .putHeader("Content-Type", "application/json")
        .end(new JsonObject().put("data", data).toBuffer());
  }

  private static void end(HttpServerRequest request, int status) {
    request.response().setStatusCode(status).end();
  }
}
