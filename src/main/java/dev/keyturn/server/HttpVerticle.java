package dev.keyturn.server;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Owns a public socket and its router; one for each event loop shares the port. */
final class HttpVerticle extends VerticleBase {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Listen listen;
  private final Function<Vertx, Router> routes;
  private @Nullable HttpServer server;

  /**
   * @param routes makes the router of one event loop
   */
  HttpVerticle(Listen listen, Function<Vertx, Router> routes) {
    this.listen = listen;
    this.routes = routes;
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer(options())
        .requestHandler(routes.apply(vertx))
        .listen()
        .onSuccess(listening -> server = listening);
  }

  /** Takes no more connections and lets the requests that are under way finish. */
  @Override
  public Future<?> stop() {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
  }

  private HttpServerOptions options() {
    var options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(listen.port())
            .setMaxInitialLineLength(MAX_LINE)
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout((int) IDLE.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    listen
        .tls()
        .ifPresent(
            tls ->
                options
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .addCertPath(tls.certificate().toString())
                            .addKeyPath(tls.key().toString())));
    return options;
  }
}
