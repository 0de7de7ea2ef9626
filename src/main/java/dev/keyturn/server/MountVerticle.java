package dev.keyturn.server;

import dev.keyturn.gateway.Transport;
import dev.keyturn.http.Request;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Owns our place in the routers of an application, and the connections to the backends from there.
 *
 * <p>What is ours is answered by us; everything else goes on to the application, which notices
 * nothing. What is ours is asked anew for each request, so a change of the configuration holds at
 * once, and when the server stops the application goes on without it.
 */
final class MountVerticle extends VerticleBase implements Handler<RoutingContext> {
  private static final Duration DRAIN = Duration.ofSeconds(10);
  private static final String OURS = "dev.keyturn.ours";

  private final Supplier<Wiring> newest;
  private final String host;
  private final UnderWay underWay = new UnderWay();
  private final List<Route> routes = new CopyOnWriteArrayList<>();
  private @Nullable Transport transport;
  private volatile @Nullable Site site;

  /**
   * @param newest what is offered at the moment
   * @param host where the application listens, as far as the configuration knows
   */
  MountVerticle(Supplier<Wiring> newest, String host) {
    this.newest = newest;
    this.host = host;
  }

  @Override
  public Future<?> start() {
    transport = Transport.open(vertx, Transport.DEFAULT_MAX_BODY);
    return Future.succeededFuture();
  }

  /** Leaves the routers, and lets the requests that are under way finish. */
  @Override
  public Future<?> stop() {
    routes.forEach(Route::remove);
    return underWay.close(DRAIN);
  }

  /** Takes our requests before any other route of {@code router} does. */
  void on(Router router) {
    routes.add(
        router.route().order(Integer.MIN_VALUE).handler(this).failureHandler(MountVerticle::fail));
  }

  @Override
  public void handle(RoutingContext context) {
    var now = site();
    if (!now.answers(context) || !underWay.begin(context)) {
      context.next();
    } else if (Request.isBodyLost(context.request())) {
      context.fail(
          new IllegalStateException(
              "the body of a request to Keyturn was read before Keyturn could: a BodyHandler of"
                  + " the application stands before it"));
    } else {
      context.put(OURS, true);
      now.router().handleContext(context);
    }
  }

  /** Gives our own failures our own form; those of the application are none of our business. */
  private static void fail(RoutingContext context) {
    if (context.get(OURS) == null) {
      context.next();
    } else {
      Fallbacks.failed(context);
    }
  }

  private Site site() {
    var wiring = newest.get();
    var known = site;
    if (known != null && known.isOf(wiring)) {
      return known;
    }
    var fresh = new Site(wiring, wiring.router(vertx, host, Objects.requireNonNull(transport)));
    site = fresh;
    return fresh;
  }
}
