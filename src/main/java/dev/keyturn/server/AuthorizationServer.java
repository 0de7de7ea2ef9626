package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.keys.KeyKeeper;
import dev.keyturn.keys.KeysNow;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Look;
import dev.keyturn.secrets.Reading.Good;
import dev.keyturn.secrets.WatchedFiles;
import dev.keyturn.upstream.Enrolments;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
  private final Means means;
  private final BusNames names;
  private final WatchedFiles<RunConfig> files;
  private final UpstreamFleet upstreams;
  private final KeyKeeper keeper;
  private final Audit audit;
  private final Readiness readiness;
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();
  private final Additions additions;
  private final Exposure exposure;
  private final PublicPort port;
  private volatile RunConfig config;
  private volatile boolean waiting;
  private volatile Optional<Live> live = Optional.empty();
  private volatile Optional<Live> begun = Optional.empty();
  private volatile Optional<MountVerticle> mount = Optional.empty();
  private OptionalInt managementPort = OptionalInt.empty();

  /** A server whose configuration stays as it is; its keys still live by the clock. */
  public AuthorizationServer(Vertx vertx, RunConfig config, Means means, BusNames names) {
    this(vertx, config, unchanging(config), means, names);
  }

  /**
   * A server that follows its files.
   *
   * @param config what they said at the first look
   */
  public AuthorizationServer(
      Vertx vertx, RunConfig config, WatchedFiles<RunConfig> files, Means means, BusNames names) {
    this(vertx, config, files, means, names, Additions.NONE, Exposure.STANDALONE);
  }

  AuthorizationServer(
      Vertx vertx,
      RunConfig config,
      WatchedFiles<RunConfig> files,
      Means means,
      BusNames names,
      Additions additions,
      Exposure exposure) {
    this.vertx = vertx;
    this.config = config;
    this.files = files;
    this.means = means;
    this.names = names;
    this.upstreams = new UpstreamFleet(vertx, names, means, enrolments());
    this.keeper = new KeyKeeper(means.store(), means.clock(), means.random());
    this.readiness = new Readiness(() -> Stores.troubles(means.store()), means.clock());
    this.audit = new Audits(vertx, names.auditEvent(), means.metrics(), means.clock());
    this.additions = additions;
    this.exposure = exposure;
    this.port = new PublicPort(vertx, config.listen(), names, this::deploy);
  }

  /** Makes a server that lives in somebody's application. */
  public static AuthorizationServerBuilder builder(Vertx vertx) {
    return new AuthorizationServerBuilder(vertx);
  }

  /**
   * Starts everything; fails, with nothing left running, if a port is taken. While the store is
   * away it waits, alive and not ready.
   */
  public Future<AuthorizationServer> start() {
    // Asked before anything is begun, so that a port that is taken is all that is said.
    return (exposure.port() ? port.requireFree() : Future.succeededFuture())
        .compose(free -> deploy(new AuditVerticle(names.auditEvent(), means.auditSink())))
        .compose(done -> exposure.management() ? manage() : Future.succeededFuture())
        .compose(done -> keys())
        .compose(this::begin)
        .onSuccess(done -> readiness.enter(Readiness.Phase.READY))
        .map(this)
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Stops everything that was started, in the opposite order. */
  public Future<Void> stop() {
    readiness.enter(Readiness.Phase.STOPPING);
    return undeployAll().eventually(upstreams::stop).eventually(this::closeStore);
  }

  /**
   * Takes the requests that are ours out of {@code router}, before any of its own routes; all
   * others go on to those. When the server stops, they all do.
   *
   * <p>A {@code BodyHandler} of the application is no obstacle, since ours comes first.
   */
  public AuthorizationServer mount(Router router) {
    mounted().on(router);
    return this;
  }

  /**
   * The same for whoever wants to choose the place: it must be a route without a path, and no
   * handler before it may read bodies.
   */
  public Handler<RoutingContext> handler() {
    return mounted();
  }

  /**
   * Lets those into a route of the application who show an access token for {@code resource}.
   *
   * @param resource one that the builder or a backend of the configuration names
   * @param scopes required of the token, all of them
   */
  public KeyturnAuthHandler authenticationHandler(String resource, String... scopes) {
    return KeyturnAuthHandler.of(
        live.orElseThrow(AuthorizationServer::notStarted), resource, Scopes.of(List.of(scopes)));
  }

  /** How other verticles of this process reach this server. */
  public KeyturnOverBus bus() {
    return new KeyturnOverBus(vertx, names);
  }

  /** The public port. */
  public int port() {
    return port.number();
  }

  /** The management port. */
  public int managementPort() {
    return managementPort.orElseThrow(AuthorizationServer::notStarted);
  }

  static WatchedFiles<RunConfig> unchanging(RunConfig config) {
    return new WatchedFiles<>(new Disk(), files -> new Good<>(config));
  }

  private static IllegalStateException notStarted() {
    return new IllegalStateException("not started, or without that");
  }

  private MountVerticle mounted() {
    if (exposure.port()) {
      throw new IllegalStateException("this server has a port of its own: build it mounted()");
    }
    return mount.orElseThrow(AuthorizationServer::notStarted);
  }

  private Future<Void> manage() {
    var listen = config.listen();
    var management =
        new ManagementVerticle(
            listen.managementHost(), listen.managementPort(), readiness, means.metrics());
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
    if (!waiting) {
      LOG.atWarn()
          .setMessage("waiting for the store")
          .addKeyValue("because", failure.getMessage())
          .log();
      waiting = true;
    }
    return vertx
        .timer(RETRY.toMillis(), TimeUnit.MILLISECONDS)
        .compose(due -> vertx.executeBlocking(files::look, false))
        .onSuccess(this::take)
        .compose(looked -> keys());
  }

  /** What is wrong may be mended in the files, such as the password of the store. */
  private void take(Look<RunConfig> look) {
    if (look instanceof Look.Accepted<RunConfig> accepted) {
      config = accepted.generation().value();
      Stores.renew(means.store(), config);
    }
  }

  /** To read templates takes time, which no event loop has. */
  private Future<Void> begin(KeysNow keys) {
    var first = InForce.first(config, keys);
    return vertx
        .executeBlocking(() -> new Live(vertx, names, means, audit, additions, first), false)
        .compose(this::begin);
  }

  private Future<Void> begin(Live now) {
    var news = new ConfigNews(vertx, names, means, audit, readiness);
    var changeover = new Changeover(now, keeper, upstreams, news, port::serve, means.clock());
    begun = Optional.of(now);
    news.started(now.inForce());
    return deploy(bus(now))
        .compose(done -> upstreams.have(config.upstreams()))
        .compose(done -> now.lasting().signatures().prepare())
        .compose(done -> deploy(new VaultVerticle(now.lasting().vault())))
        .compose(done -> open(now))
        .compose(done -> certify(now))
        .compose(done -> deploy(new SecretsVerticle(files, changeover, news)))
        .onSuccess(done -> live = Optional.of(now));
  }

  /** Kept under the keys of the vault, of which none is at work before the store has told. */
  private Enrolments enrolments() {
    Supplier<InForce> now = () -> begun.orElseThrow(AuthorizationServer::notStarted).inForce();
    return new Enrolments(
        means.store(),
        config.issuer().value(),
        () -> now.get().keys().vault(),
        () -> now.get().config().secrets().watching().propagation(),
        means.clock(),
        means.random());
  }

  private Future<Void> open(Live now) {
    if (exposure.port()) {
      return port.open(now);
    }
    var made = new MountVerticle(now::wiring, config.listen().host());
    return deploy(made).onSuccess(done -> mount = Optional.of(made));
  }

  /** The certificate may be another one than when the server began to wait for its store. */
  private Future<Void> certify(Live now) {
    return now.inForce()
        .config()
        .listen()
        .tls()
        .map(port::serve)
        .orElseGet(Future::succeededFuture);
  }

  private BusVerticle bus(Live now) {
    return new BusVerticle(
        names, new BusAnswers(now, readiness), readiness, new Counting(means.metrics(), audit));
  }

  private Future<Void> deploy(Deployable verticle) {
    return vertx.deployVerticle(verticle).onSuccess(deployed::push).mapEmpty();
  }

  private Future<Void> undeployAll() {
    return deployed.isEmpty()
        ? Future.succeededFuture()
        : undeploy(deployed.pop()).eventually(this::undeployAll);
  }

  /** What was started in somebody's verticle may have ended with it. */
  private Future<Void> undeploy(String id) {
    return vertx.deploymentIDs().contains(id) ? vertx.undeploy(id) : Future.succeededFuture();
  }

  private Future<Void> closeStore() {
    return exposure.closesStore() ? means.store().close() : Future.succeededFuture();
  }
}
