package dev.keyturn.given;

import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts who is connected to a fake server. */
public final class OpenConnections {
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger ever = new AtomicInteger();

  void add(HttpConnection connection) {
    open.incrementAndGet();
    ever.incrementAndGet();
    connection.closeHandler(closed -> open.decrementAndGet());
  }

  public int now() {
    return open.get();
  }

  public int ever() {
    return ever.get();
  }
}
