package dev.keyturn.server;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The requests that were begun and not ended, and the wish to see the last of them. */
final class UnderWay {
  private final Promise<Void> last = Promise.promise();
  private int count;
  private boolean closed;

  /** Counts a request in; false if no more are taken. */
  synchronized boolean begin(RoutingContext context) {
    if (closed) {
      return false;
    }
    count++;
    context.addEndHandler(ended -> end());
    return true;
  }

  /** Takes no more, and waits for the last one, for a while. */
  Future<Void> close(Duration patience) {
    synchronized (this) {
      closed = true;
      if (count == 0) {
        last.tryComplete();
      }
    }
    return last.future().timeout(patience.toMillis(), TimeUnit.MILLISECONDS).otherwiseEmpty();
  }

  private synchronized void end() {
    count--;
    if (closed && count == 0) {
      last.tryComplete();
    }
  }
}
