package dev.keyturn.bench;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

/** What HTTP costs by itself: reads a body, and answers the same each time. */
public final class Floor {
  /** As long as an answer with tokens. */
  private static final String ANSWER = "{\"access_token\":\"" + "t".repeat(900) + "\"}";

  private Floor() {}

  /** Prints its URL. */
  @SuppressWarnings("SystemOut")
  public static void main(String... arguments) {
    var vertx = Vertx.vertx();
    vertx
        .createHttpServer()
        .requestHandler(Floor::answer)
        .listen(0, "127.0.0.1")
        .onSuccess(server -> System.out.println("http://127.0.0.1:" + server.actualPort() + "/"))
        .onFailure(Throwable::printStackTrace);
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> request.response().putHeader("Content-Type", "application/json").end(ANSWER));
  }
}
