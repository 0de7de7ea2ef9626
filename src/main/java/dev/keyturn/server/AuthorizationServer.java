package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.keys.KeyKeeper;
import dev.keyturn.keys.KeysNow;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Reading.Good;
import dev.keyturn.secrets.WatchedFiles;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole Keyturn inside a Vert.x: authorization server, gateway and management port.
 *
 * <p>It starts with every identity provider down. {@link #stop} takes no more requests, lets those
 * under way finish, and closes the store last.
 */
public final class AuthorizationServer {
  private static final Logger LOG = LoggerFactory.getLogger(AuthorizationServer.class);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final RunConfig config;
  private final Means means;
  private final BusNames names;
  private final WatchedFiles<RunConfig> files;
  private final UpstreamFleet upstreams;
  private final KeyKeeper keeper;
  private final Audit audit;
  private final Readiness readiness = new Readiness();
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();
  private Optional<HttpVerticle> front = Optional.empty();
  private OptionalInt port = OptionalInt.empty();
  private OptionalInt managementPort = OptionalInt.empty();

  /** A server whose configuration stays as it is; its keys still live by the clock. */
  public AuthorizationServer(Vertx vertx, RunConfig config, Means means, BusNames names) {
    this(vertx, config, new WatchedFiles<>(new Disk(), files -> new Good<>(config)), means, names);
  }

  /**
   * A server that follows its files.
   *
   * @param config what they said at the first look
   */
  public AuthorizationServer(
      Vertx vertx, RunConfig config, WatchedFiles<RunConfig> files, Means means, BusNames names) {
    this.vertx = vertx;
    this.config = config;
    this.files = files;
    this.means = means;
    this.names = names;
    this.upstreams = new UpstreamFleet(vertx, names, means);
    this.keeper = new KeyKeeper(means.store(), means.clock(), means.random());
    this.audit = new Audits(vertx, names.auditEvent(), means.metrics(), means.clock());
  }

  /**
   * Starts everything; fails, with nothing left running, if a port is taken. While the store is
   * away it waits, alive and not ready.
   */
  public Future<AuthorizationServer> start() {
    // Asked before anything is begun, so that a port that is taken is all that is said.
    return FreePort.find(vertx, config.listen().host(), config.listen().port())
        .compose(free -> deploy(new AuditVerticle(names.auditEvent(), means.auditSink())))
        .compose(done -> manage())
        .compose(done -> keys())
        .compose(this::begin)
        .onSuccess(done -> readiness.enter(Readiness.Phase.READY))
        .map(this)
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Stops everything that was started, in the opposite order. */
  public Future<Void> stop() {
    readiness.enter(Readiness.Phase.STOPPING);
    return undeployAll().eventually(upstreams::stop).eventually(means.store()::close);
  }

  /** How other verticles of this process reach this server. */
  public KeyturnOverBus bus() {
    return new KeyturnOverBus(vertx, names);
  }

  /** The public port. */
  public int port() {
    return port.orElseThrow(() -> new IllegalStateException("not started"));
  }

  /** The management port. */
  public int managementPort() {
    return managementPort.orElseThrow(() -> new IllegalStateException("not started"));
  }

  private Future<Void> manage() {
    var listen = config.listen();
    var management = new ManagementVerticle(listen, readiness, means.metrics());
    return FreePort.find(vertx, listen.managementHost(), listen.managementPort())
        .compose(found -> deploy(management))
        .onSuccess(done -> managementPort = OptionalInt.of(management.port()));
  }

  /** The keys that are at work; nobody knows which while the store is away. */
  private Future<KeysNow> keys() {
    return keeper
        .keep(config.declared())
        .recover(
            failure ->
                failure instanceof UnavailableException && !readiness.isStopping()
                    ? again(failure)
                    : Future.failedFuture(failure));
  }

  private Future<KeysNow> again(Throwable failure) {
    LOG.atWarn().setMessage("waiting for the store").addKeyValue("because", failure).log();
    return vertx.timer(RETRY.toMillis(), TimeUnit.MILLISECONDS).compose(due -> keys());
  }

  private Future<Void> begin(KeysNow keys) {
    var live = new Live(vertx, names, means, audit, InForce.first(config, keys));
    var news = new ConfigNews(vertx, names, means, audit, readiness);
    var changeover = new Changeover(live, keeper, upstreams, news, this::serve, means.clock());
    news.started(live.inForce());
    return deploy(bus(live))
        .compose(done -> upstreams.have(config.upstream()))
        .compose(done -> live.lasting().signatures().prepare())
        .compose(done -> listen(live))
        .compose(done -> deploy(new SecretsVerticle(files, changeover, news)));
  }

  private BusVerticle bus(Live live) {
    return new BusVerticle(names, new BusAnswers(live, readiness), readiness, means.metrics());
  }

  /** One socket for each event loop, all at one port. */
  private Future<Void> listen(Live live) {
    var asked = config.listen();
    return FreePort.find(vertx, asked.host(), asked.port())
        .compose(
            found -> {
              Supplier<HttpVerticle> one =
                  () ->
                      new HttpVerticle(
                          asked.at(found),
                          (loop, backends) -> live.wiring().router(loop, asked.host(), backends),
                          names.configChanged());
              var first = one.get();
              front = Optional.of(first);
              return deploy(first).compose(done -> deployFurther(one)).map(found);
            })
        .onSuccess(found -> port = OptionalInt.of(found))
        .mapEmpty();
  }

  private Future<Void> serve(Listen.Tls certificate) {
    return front
        .map(socket -> socket.useCertificate(certificate))
        .orElseGet(Future::succeededFuture);
  }

  /** Waits for all of them, so that one that fails leaves no other behind. */
  private Future<?> deployFurther(Supplier<HttpVerticle> one) {
    return Future.join(
        IntStream.range(1, Runtime.getRuntime().availableProcessors())
            .mapToObj(i -> deploy(one.get()))
            .toList());
  }

  private Future<Void> deploy(Deployable verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployed::push).mapEmpty();
  }

  private Future<Void> undeployAll() {
    return deployed.isEmpty()
        ? Future.succeededFuture()
        : vertx.undeploy(deployed.pop()).eventually(this::undeployAll);
  }
}
