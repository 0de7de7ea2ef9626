package dev.keyturn.operator.admission;

import dev.keyturn.operator.admission.ReviewEndpoint.Bounds;
import dev.keyturn.operator.cluster.ApiServer;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.secrets.Look;
import dev.keyturn.server.Health;
import dev.keyturn.server.Listen;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the socket of the webhook and its certificate.
 *
 * <p>The certificate is looked at every now and then; a new one serves the next handshake, and one
 * that cannot serve leaves the last good one in force.
 */
public final class AdmissionVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AdmissionVerticle.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** Longer than the API server keeps a connection that it does not use. */
  private static final Duration IDLE = Duration.ofMinutes(3);

  private final Webhook webhook;
  private final Pod pod;
  private final Rulebook rules;
  private final MeterRegistry metrics;
  private final Duration interval;
  private final CertificateWatch certificate;
  private final AdmissionHealth health = new AdmissionHealth();
  private @Nullable HttpServer server;
  private boolean looking;

  /**
   * @param interval how often the certificate is looked at
   */
  public AdmissionVerticle(
      Webhook webhook,
      Pod pod,
      Rulebook rules,
      MeterRegistry metrics,
      Duration interval,
      Clock clock) {
    this.webhook = webhook;
    this.pod = pod;
    this.rules = rules;
    this.metrics = metrics;
    this.interval = interval;
    this.certificate = new CertificateWatch(webhook.tls(), clock);
  }

  @Override
  public Future<?> start() {
    return vertx
        .executeBlocking(certificate::first, false)
        .compose(this::listen)
        .onSuccess(
            listening -> {
              server = listening;
              health.enter(true);
              vertx.setPeriodic(interval.toMillis(), due -> look());
            });
  }

  /** What the management port tells. */
  public Health health() {
    return health;
  }

  /** The port that was taken, where the choice was left to us. */
  public int port() {
    return Objects.requireNonNull(server, "not started").actualPort();
  }

  /** Takes no more connections, and lets the reviews that are under way finish. */
  @Override
  public Future<?> stop() {
    health.enter(false);
    return server == null
        ? Future.succeededFuture()
        : server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
  }

  private Future<HttpServer> listen(Listen.Tls tls) {
    var admission = new Admission(vertx, new ApiServer(vertx, pod), rules, webhook.namespaces());
    var endpoint = new ReviewEndpoint(vertx, admission, new ReviewLog(metrics), Bounds.USUAL);
    health.serves(tls.notAfter());
    return vertx
        .createHttpServer(
            new HttpServerOptions()
                .setHost(webhook.host())
                .setPort(webhook.port())
                .setSsl(true)
                .setUseAlpn(false)
                .setKeyCertOptions(tls.forServing())
                .setIdleTimeout((int) IDLE.toSeconds())
                .setIdleTimeoutUnit(TimeUnit.SECONDS))
        .requestHandler(endpoint::handle)
        .listen();
  }

  private void look() {
    if (looking) {
      return;
    }
    looking = true;
    vertx
        .executeBlocking(certificate::look, false)
        .compose(this::take)
        .onComplete(
            done -> {
              looking = false;
              if (done.failed()) {
                LOG.atError()
                    .setMessage("looking at the certificate failed")
                    .setCause(done.cause())
                    .log();
              }
            });
  }

  private Future<?> take(Look<Listen.Tls> look) {
    if (look instanceof Look.Accepted<Listen.Tls> accepted) {
      return serve(accepted.generation().value());
    }
    if (look instanceof Look.Rejected<Listen.Tls> rejected) {
      var reasons = CertificateWatch.inWords(rejected);
      health.refuses(reasons);
      LOG.atError()
          .setMessage("the new certificate is refused, and the last good one goes on")
          .addKeyValue("because", String.join("; ", reasons))
          .log();
    } else if (look instanceof Look.Recovered) {
      health.refuses(List.of());
    }
    return Future.succeededFuture();
  }

  private Future<?> serve(Listen.Tls tls) {
    return Objects.requireNonNull(server)
        .updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(tls.forServing()), true)
        .onSuccess(
            swapped -> {
              health.serves(tls.notAfter());
              LOG.atInfo()
                  .setMessage("a new certificate is served")
                  .addKeyValue("not_after", tls.notAfter())
                  .log();
            });
  }
}
