package dev.keyturn.given;

import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * A store of disks or servers that answers before the call returns, so that a test decides the
 * order of everything on its own thread.
 */
public final class SettledStore extends DelegatingStore {
  public SettledStore(KeyValueStore store) {
    super(store);
  }

  @Override
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    var answer = operation.get().toCompletionStage().toCompletableFuture();
    try {
      return Future.succeededFuture(answer.get(Patience.SECONDS, Patience.UNIT));
    } catch (ExecutionException e) {
      return Future.failedFuture(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("the store does not answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
