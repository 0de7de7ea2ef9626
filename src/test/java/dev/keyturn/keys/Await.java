package dev.keyturn.keys;

import dev.keyturn.given.Patience;
import io.vertx.core.Future;
import java.util.concurrent.TimeoutException;

/** Waits for what Vert.x has promised; a failure is thrown as it is. */
final class Await {
  private Await() {}

  static <T> T done(Future<T> future) {
    try {
      return future.await(Patience.SECONDS, Patience.UNIT);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within " + Patience.SECONDS + " seconds", e);
    }
  }
}
