package dev.keyturn.given;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** Waiting for futures where no event loop is blocked by it. */
public final class Futures {
  private Futures() {}

  /** The result, for which it waits with {@link Patience}. */
  public static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the future was to succeed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The failure, for which it waits with {@link Patience}. */
  public static Throwable failed(Future<?> future) {
    return done(
        future.transform(
            result ->
                result.failed()
                    ? Future.succeededFuture(result.cause())
                    : Future.failedFuture("it succeeded with " + result.result())));
  }
}
