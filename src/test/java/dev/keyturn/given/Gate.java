package dev.keyturn.given;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Holds requests to a fake server back until a test lets them go. */
public final class Gate {
  private final List<Promise<Void>> held = new CopyOnWriteArrayList<>();
  private volatile boolean shut;

  public void shut() {
    shut = true;
  }

  /** Lets everybody go who is held, and whoever comes. */
  public void open() {
    shut = false;
    held.forEach(Promise::tryComplete);
  }

  /** Lets one of them go, by the order in which they came. */
  public void letGo(int index) {
    held.get(index).tryComplete();
  }

  /** How many were held so far. */
  public int held() {
    return held.size();
  }

  Future<Void> pass() {
    if (!shut) {
      return Future.succeededFuture();
    }
    var promise = Promise.<Void>promise();
    held.add(promise);
    return promise.future();
  }
}
