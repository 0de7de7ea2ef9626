package dev.keyturn.store.file;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * What one caller waits for, delivered where the caller is at home.
 *
 * <p>A caller on a Vert.x context is answered on that context, so that a chain of futures never
 * leaves its event loop. All other callers are answered on one thread that is neither the writer's
 * nor a reader's: whoever keeps it waiting holds up the likes of itself.
 */
final class Answer<T> {
  private final Promise<T> promise = Promise.promise();
  private final Executor home;

  private Answer(Executor home) {
    this.home = home;
  }

  /**
   * For whoever is calling now.
   *
   * @param elsewhere where a caller without a context is answered
   */
  static <T> Answer<T> toCaller(Executor elsewhere) {
    var context = Vertx.currentContext();
    return new Answer<>(
        context == null ? elsewhere : task -> context.runOnContext(entered -> task.run()));
  }

  Future<T> future() {
    return promise.future();
  }

  void succeed(T value) {
    deliver(() -> promise.tryComplete(value));
  }

  void fail(Throwable failure) {
    deliver(() -> promise.tryFail(failure));
  }

  /** An event loop that has ended has nobody left who waits. */
  private void deliver(Runnable delivery) {
    try {
      home.execute(delivery);
    } catch (RejectedExecutionException e) {
      delivery.run();
    }
  }
}
