package dev.keyturn.server;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Owns the management port: health for the orchestrator, metrics for the monitoring. */
public final class ManagementVerticle extends VerticleBase {
  private static final Duration IDLE = Duration.ofSeconds(60);

  private final String host;
  private final int port;
  private final Health health;
  private final MeterRegistry metrics;
  private final HostGuard guard;
  private @Nullable HttpServer server;

  /**
   * @param port 0 for any free one
   */
  public ManagementVerticle(String host, int port, Health health, MeterRegistry metrics) {
    this.host = host;
    this.port = port;
    this.health = health;
    this.metrics = metrics;
    this.guard = new HostGuard(host, List.of());
  }

  @Override
  public Future<?> start() {
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setIdleTimeout((int) IDLE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS))
        .requestHandler(this::answer)
        .listen(port, host)
        .onSuccess(listening -> server = listening);
  }

  /** The port that was taken, where the configuration leaves the choice. */
  public int port() {
    return Objects.requireNonNull(server, "not started").actualPort();
  }

  private void answer(HttpServerRequest request) {
    if (guard.refuses(request)) {
      return;
    }
    var response =
        request
            .response()
            .putHeader("Cache-Control", "no-store")
            .putHeader("X-Content-Type-Options", "nosniff");
    if (!request.method().name().equals("GET") && !request.method().name().equals("HEAD")) {
      response.setStatusCode(405).putHeader("Allow", "GET, HEAD").end();
      return;
    }
    switch (request.path()) {
      case "/livez" -> say(request, true, "ok");
      case "/startupz" -> say(request, health.hasStarted(), "started");
      case "/readyz" ->
          end(request, health.isReady() ? 200 : 503, "application/json", health.toJson().encode());
      case "/generation" -> generation(request);
      case "/metrics" -> scrape(request);
      default -> response.setStatusCode(404).end();
    }
  }

  private void generation(HttpServerRequest request) {
    health
        .generation()
        .ifPresentOrElse(
            now -> end(request, 200, "application/json", now.encode()),
            () -> request.response().setStatusCode(404).end());
  }

  /** An embedder may count in another way, and has then its own place to show it. */
  private void scrape(HttpServerRequest request) {
    if (metrics instanceof PrometheusMeterRegistry prometheus) {
      end(request, 200, "text/plain; version=0.0.4; charset=utf-8", prometheus.scrape());
    } else {
      request.response().setStatusCode(404).end();
    }
  }

  private static void say(HttpServerRequest request, boolean good, String text) {
    end(request, good ? 200 : 503, "text/plain; charset=utf-8", good ? text : "not yet");
  }

  private static void end(HttpServerRequest request, int status, String type, String text) {
    var response = request.response().setStatusCode(status).putHeader("Content-Type", type);
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(text);
    }
  }
}
