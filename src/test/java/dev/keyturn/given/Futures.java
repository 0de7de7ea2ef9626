package dev.keyturn.given;

import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for futures where no event loop is blocked by it. */
public final class Futures {
  private Futures() {}

  /** The result, within ten seconds. */
  public static <T> T done(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError("the future was to succeed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The failure, within ten seconds. */
  public static Throwable failed(Future<?> future) {
    return done(
        future.transform(
            result ->
                result.failed()
                    ? Future.succeededFuture(result.cause())
                    : Future.failedFuture("it succeeded with " + result.result())));
  }
}
