package dev.keyturn.store.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Function;

/** Owns the connections of one event loop. */
final class LoopVerticle extends VerticleBase {
  private final Map<Thread, Home> homes;
  private final Function<Vertx, Loop> maker;

  /**
   * @param homes where the loops of all event loops are found
   */
  LoopVerticle(Map<Thread, Home> homes, Function<Vertx, Loop> maker) {
    this.homes = homes;
    this.maker = maker;
  }

  @Override
  public Future<?> start() {
    homes.putIfAbsent(Thread.currentThread(), new Home(context, maker.apply(vertx)));
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    var thread = Thread.currentThread();
    var mine = homes.get(thread);
    if (mine != null && mine.context() == context) {
      homes.remove(thread);
      return mine.loop().close();
    }
    return Future.succeededFuture();
  }

  /** A loop, and where it may be touched. */
  record Home(Context context, Loop loop) {}
}
