package dev.keyturn.keys;

import io.vertx.core.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what Vert.x has promised; a failure is thrown as it is. */
final class Await {
  private Await() {}

  static <T> T done(Future<T> future) {
    try {
      return future.await(10, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("nothing came within 10 seconds", e);
    }
  }
}
