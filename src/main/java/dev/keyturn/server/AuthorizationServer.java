package dev.keyturn.server;

import dev.keyturn.upstream.UpstreamVerticle;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Deque;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * A whole Keyturn inside a Vert.x: authorization server, gateway and management port.
 *
 * <p>It starts with every identity provider down. {@link #stop} takes no more requests, lets those
 * under way finish, and closes the store last.
 */
public final class AuthorizationServer {
  private final Vertx vertx;
  private final RunConfig config;
  private final Means means;
  private final BusNames names;
  private final Live live;
  private final Readiness readiness = new Readiness();
  private final Deque<String> deployed = new ConcurrentLinkedDeque<>();
  private OptionalInt port = OptionalInt.empty();
  private OptionalInt managementPort = OptionalInt.empty();

  public AuthorizationServer(Vertx vertx, RunConfig config, Means means, BusNames names) {
    this.vertx = vertx;
    this.config = config;
    this.means = means;
    this.names = names;
    var audit = new Audits(vertx, names.auditEvent(), means.metrics(), means.clock());
    this.live = new Live(vertx, names, means, audit, InForce.first(config));
  }

  /** Starts everything; fails, with nothing left running, if a port is taken. */
  public Future<AuthorizationServer> start() {
    var listen = config.listen();
    var management = new ManagementVerticle(listen, readiness, means.metrics());
    return deploy(new AuditVerticle(names.auditEvent(), means.auditSink()))
        .compose(done -> deploy(new BusVerticle(names, live.lasting().verifier(), readiness)))
        .compose(done -> FreePort.find(vertx, listen.managementHost(), listen.managementPort()))
        .compose(done -> deploy(management))
        .onSuccess(done -> managementPort = OptionalInt.of(management.port()))
        .compose(done -> deploy(upstreamVerticle()))
        .compose(done -> live.lasting().signatures().prepare())
        .compose(done -> listen())
        .onSuccess(done -> readiness.enter(Readiness.Phase.READY))
        .map(this)
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Stops everything that was started, in the opposite order. */
  public Future<Void> stop() {
    readiness.enter(Readiness.Phase.STOPPING);
    return undeployAll().eventually(means.store()::close);
  }

  /** The public port. */
  public int port() {
    return port.orElseThrow(() -> new IllegalStateException("not started"));
  }

  /** The management port. */
  public int managementPort() {
    return managementPort.orElseThrow(() -> new IllegalStateException("not started"));
  }

  private UpstreamVerticle upstreamVerticle() {
    return new UpstreamVerticle(config.upstream(), names.prefix(), means.clock(), means.random());
  }

  /** One socket for each event loop, all at one port. */
  private Future<Void> listen() {
    var asked = config.listen();
    return FreePort.find(vertx, asked.host(), asked.port())
        .compose(
            found -> {
              Supplier<HttpVerticle> one =
                  () -> new HttpVerticle(asked.at(found), live::wiring, names.configChanged());
              return deploy(one.get()).compose(done -> deployFurther(one)).map(found);
            })
        .onSuccess(found -> port = OptionalInt.of(found))
        .mapEmpty();
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
