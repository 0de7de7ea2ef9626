package dev.keyturn.mcp;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The event streams that clients hold open with {@code GET /mcp}; this server only keeps them
 * alive.
 *
 * <p>The head is sent at once: a client waits for it before it believes in the stream.
 */
final class EventStreams {
  static final long KEEP_ALIVE_MILLIS = 15_000;
  private static final int MOST = 100;

  private final Vertx vertx;
  private final Set<HttpServerResponse> open = ConcurrentHashMap.newKeySet();

  EventStreams(Vertx vertx) {
    this.vertx = vertx;
  }

  void open(RoutingContext context) {
    var response = context.response();
    if (!accepts(context)) {
      response.setStatusCode(406).end();
      return;
    }
    if (open.size() >= MOST) {
      response.setStatusCode(503).putHeader("Retry-After", "15").end();
      return;
    }
    open.add(response);
    var timer = vertx.setPeriodic(KEEP_ALIVE_MILLIS, tick -> response.write(": keep-alive\n\n"));
    response
        .endHandler(
            gone -> {
              vertx.cancelTimer(timer);
              open.remove(response);
            })
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .writeHead();
  }

  void closeAll() {
    List.copyOf(open).forEach(HttpServerResponse::end);
  }

  private static boolean accepts(RoutingContext context) {
    var accept = context.request().getHeader("Accept");
    return accept == null || accept.contains("text/event-stream") || accept.contains("*/*");
  }
}
