package dev.keyturn.operator.reconcile;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time for which this process leads: everything that is watched, and the queue of what is to be
 * looked at. With the time it ends, all of it.
 */
final class Shift implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Shift.class);
  private static final String HTTP_ROUTES = "/apis/gateway.networking.k8s.io/v1";

  /** Rendering is quick; the rest is waiting for the API server. */
  private static final int THREADS = 4;

  /** A look at everything, in case that an event was lost on the way. */
  private static final Duration EVERYTHING = Duration.ofHours(10);

  private static final Duration BLINK = Duration.ofSeconds(1);

  private final KubernetesClient client;
  private final Set<String> namespaces;
  private final MeterRegistry metrics;
  private final Gauge length;
  private final Gauge behind;
  private final Vertx vertx;
  private final Connection connection;
  private final WorkQueue queue;
  private final Watched watched;
  private final KubeHands hands;
  private final Eyes eyes;
  private final PodWatch pods;
  private final ConfigLook configLook;
  private final ServerLook serverLook;
  private final TermsLook termsLook;
  private final long timer;
  private final long blink;

  Shift(Vertx vertx, KubernetesClient client, Tenure tenure, Reconciling reconciling, Means means) {
    this.vertx = vertx;
    this.client = client;
    this.namespaces = reconciling.namespaces();
    this.metrics = reconciling.metrics();
    this.queue = new WorkQueue(THREADS, this::look);
    this.connection =
        new Connection(
            client.getHttpClient(), URI.create(client.getMasterUrl().toString()), tenure::left);
    tenure.whenOver(connection::stop);
    this.watched = watched(connection);
    this.eyes = new Eyes(watched::behind, System::nanoTime);
    this.pods = new PodWatch(vertx, PodSeen.PORT, watched::pods, this::concern);
    this.hands =
        new KubeHands(
            connection, watched::version, this::overtaken, reconciling.identity(), means.clock());
    var board = new Board();
    this.configLook = new ConfigLook(watched, hands, board, means);
    this.serverLook = new ServerLook(watched, hands, board, means);
    this.termsLook = new TermsLook(watched, hands, board);
    this.length =
        Gauge.builder("keyturn.operator.queue", queue, WorkQueue::length)
            .description("Resources that wait to be looked at")
            .register(metrics);
    this.behind =
        Gauge.builder("keyturn.operator.behind", watched, one -> one.behind().size())
            .description("Kinds of objects that cannot be listed or watched now")
            .register(metrics);
    this.blink = vertx.setPeriodic(BLINK.toMillis(), due -> eyes.look());
    this.timer =
        vertx.setPeriodic(EVERYTHING.toMillis(), due -> watched.everything().forEach(queue::add));
  }

  /** Begins; looks come when everything has been listed, however long that takes. */
  void start() {
    var unused = watched.start(client, namespaces).whenComplete((listed, failure) -> open(failure));
  }

  private void open(@Nullable Throwable failure) {
    if (failure != null) {
      LOG.atError().setMessage("not everything could be listed").setCause(failure).log();
      return;
    }
    LOG.atInfo()
        .setMessage("everything is listed; the reconciler works")
        .addKeyValue("resources", watched.everything().size())
        .log();
    eyes.listed();
    queue.open();
  }

  Sight sight(String identity) {
    return eyes.sight(identity);
  }

  @Override
  public void close() {
    connection.stop();
    vertx.cancelTimer(timer);
    vertx.cancelTimer(blink);
    metrics.remove(length);
    metrics.remove(behind);
    pods.close();
    watched.close();
    queue.close();
  }

  private Watched watched(Connection connection) {
    return new Watched(
        queue::add,
        this::loaded,
        this::isOurs,
        connection.get(HTTP_ROUTES, "ask for HTTPRoute").isPresent());
  }

  private boolean isOurs(Key object, String version) {
    return hands.isOurs(object, version);
  }

  private void overtaken(Key object) {
    watched.owner(object).ifPresent(queue::add);
  }

  private Optional<Loaded> loaded(PodSeen pod) {
    return pods.loaded(pod);
  }

  private void concern(PodSeen pod) {
    watched.owner(pod).ifPresent(queue::add);
  }

  private Look look(Key key) {
    var sample = Timer.start(metrics);
    var outcome = "failed";
    try {
      var look = at(key);
      outcome = look.waits() ? "waits" : "done";
      if (key.kind() == Kind.CONFIG
          && look.others().stream().anyMatch(other -> other.kind() == Kind.SERVER)) {
        expectChange(key);
      }
      return look;
    } finally {
      sample.stop(
          metrics.timer("keyturn.operator.look", "kind", key.kind().word(), "outcome", outcome));
    }
  }

  private Look at(Key key) {
    return switch (key.kind()) {
      case CONFIG -> configLook.at(key.namespace(), key.name());
      case SERVER -> serverLook.at(key.namespace(), key.name());
      default -> termsLook.at(key.namespace(), key.name());
    };
  }

  /** What runs for a config is another one: its pods are about to tell so. */
  private void expectChange(Key config) {
    watched.pods().stream()
        .filter(pod -> watched.owner(pod).filter(config::equals).isPresent())
        .forEach(pod -> pods.expectChange(pod.namespace(), pod.deployment()));
  }
}
