package dev.keyturn.given;

import io.vertx.core.Future;
import java.util.concurrent.CompletionException;

/** What a future comes to, waited for on a test's own thread. */
public final class Outcome {
  private Outcome() {}

  /** Whether it succeeds. */
  public static boolean isGood(Future<?> future) {
    return of(future.transform(done -> Future.succeededFuture(done.succeeded())));
  }

  /** The result; a failure is thrown as it is. */
  public static <T> T of(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(Patience.SECONDS, Patience.UNIT)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }
}
