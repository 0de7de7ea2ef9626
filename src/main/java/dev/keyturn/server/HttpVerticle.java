package dev.keyturn.server;

import dev.keyturn.bus.Topic;
import dev.keyturn.gateway.Transport;
import dev.keyturn.http.SecurityHeaders;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.ServerSSLOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Owns a public socket, its router and its connections to the backends; one for each event loop
 * shares the port.
 *
 * <p>A change of what is in force is another router. A request that is under way ends with the one
 * that it began with.
 */
final class HttpVerticle extends VerticleBase {
  private static final int MAX_LINE = 16 * 1024;
  private static final int MAX_HEADERS = 32 * 1024;
  private static final Duration IDLE = Duration.ofHours(1);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final Listen listen;
  private final BiFunction<Vertx, Transport, Router> newest;
  private final Topic<ConfigChanged> changed;
  private final Connections connections = new Connections();
  private @Nullable HttpServer server;
  private @Nullable Transport transport;
  private @Nullable Router router;

  /**
   * @param newest makes the router of what is offered at the moment, for one event loop and its
   *     connections to the backends
   * @param changed announces that it is something else now
   */
  HttpVerticle(
      Listen listen, BiFunction<Vertx, Transport, Router> newest, Topic<ConfigChanged> changed) {
    this.listen = listen;
    this.newest = newest;
    this.changed = changed;
  }

  @Override
  public Future<?> start() {
    transport = Transport.open(vertx, Transport.DEFAULT_MAX_BODY);
    renew();
    vertx.setPeriodic(Connections.TICK.toMillis(), tick -> connections.tick());
    return changed
        .listen(vertx, news -> renew())
        .completion()
        .compose(
            listening ->
                vertx
                    .createHttpServer(options())
                    .connectionHandler(connections::opened)
                    .requestHandler(this::answer)
                    .invalidRequestHandler(HttpVerticle::refuse)
                    .listen())
        .onSuccess(listening -> server = listening);
  }

  private void answer(HttpServerRequest request) {
    connections.asked(request);
    if (!HostGuard.refusesUnnamed(request)) {
      Objects.requireNonNull(router).handle(request);
    }
  }

  private void renew() {
    router = newest.apply(vertx, Objects.requireNonNull(transport));
  }

  /**
   * Serves {@code tls} to whoever connects from now on; connections that are open live on.
   *
   * <p>The verticles of one port share one acceptor, which outlives the verticle that came first.
   * So the last call at any of them counts for all, and whoever calls waits before calling again.
   */
  Future<Void> useCertificate(Listen.Tls tls) {
    var used = Promise.<Void>promise();
    context.runOnContext(here -> swap(tls).<Void>mapEmpty().onComplete(used));
    return used.future();
  }

  private Future<Boolean> swap(Listen.Tls tls) {
    return server == null || listen.tls().isEmpty()
        ? Future.failedFuture(new IllegalStateException("TLS is not served here"))
        : server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(tls.forServing()), true);
  }

  /** Takes no more connections and lets the requests that are under way finish. */
  @Override
  public Future<?> stop() {
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
  }

  /** What is no HTTP, or too much of it, comes to no route. */
  private static void refuse(HttpServerRequest request) {
    SecurityHeaders.ofNoPage(request.response());
    HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
  }

  private HttpServerOptions options() {
    var options =
        new HttpServerOptions()
            .setHost(listen.host())
            .setPort(listen.port())
            .setMaxInitialLineLength(MAX_LINE)
            // To tell HTTP/2 without TLS by its first bytes, a connection would be nobody's till
            // then.
            .setHttp2ClearTextEnabled(false)
            .setMaxHeaderSize(MAX_HEADERS)
            .setIdleTimeout((int) IDLE.toSeconds())
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    listen.tls().ifPresent(tls -> options.setSsl(true).setKeyCertOptions(tls.forServing()));
    return options;
  }
}
