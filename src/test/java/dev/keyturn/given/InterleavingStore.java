package dev.keyturn.given;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * A store whose operations wait, so that a test decides in which order they happen.
 *
 * <p>Each held operation waits twice: before it is carried out, and before its answer arrives. For
 * the caller's thread only.
 */
public final class InterleavingStore extends DelegatingStore {
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean held;
  private boolean away;
  private int calls;

  public InterleavingStore(KeyValueStore store) {
    super(store);
  }

  /** From now on operations wait for {@link #step} or {@link #shuffle}. */
  public void hold() {
    held = true;
  }

  /** Whether every operation fails from now on. */
  public void away(boolean away) {
    this.away = away;
  }

  /** How many operations were asked for. */
  public int calls() {
    return calls;
  }

  /** How many steps wait now. */
  public int waiting() {
    return waiting.size();
  }

  /** Lets one waiting step happen, counted from the one that has waited longest. */
  public void step(int index) {
    waiting.remove(index).run();
  }

  /** Lets everything happen in an order that chance decides, and holds nothing afterwards. */
  public void shuffle(Random chance) {
    while (!waiting.isEmpty()) {
      step(chance.nextInt(waiting.size()));
    }
    held = false;
  }

  @Override
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    calls++;
    if (away) {
      return Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(1)));
    }
    if (!held) {
      return operation.get();
    }
    var promise = Promise.<T>promise();
    waiting.add(
        () -> {
          var done = operation.get();
          waiting.add(() -> done.onComplete(promise));
        });
    return promise.future();
  }
}
