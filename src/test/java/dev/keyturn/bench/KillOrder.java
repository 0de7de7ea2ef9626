package dev.keyturn.bench;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The order to kill one process at one step of whichever refresh comes there next.
 *
 * <p>Whoever sees the step carries it out, and does nothing more for the process then. So nothing
 * of the server has to know of it.
 */
final class KillOrder {
  private final AtomicReference<Optional<Open>> open = new AtomicReference<>(Optional.empty());

  private record Open(int process, KillStep step, Runnable kill, CompletableFuture<String> done) {}

  /** Gives it; the future is told which entry the refresh was of, when the process is dead. */
  CompletableFuture<String> give(int process, KillStep step, Runnable kill) {
    var order = new Open(process, step, kill, new CompletableFuture<>());
    open.set(Optional.of(order));
    return order.done();
  }

  /** A process has come there with the refresh of {@code entry}; tells whether it is dead now. */
  boolean reached(int process, KillStep step, String entry) {
    var order = open.get();
    if (order.filter(one -> one.process() == process && one.step() == step).isEmpty()
        || !open.compareAndSet(order, Optional.empty())) {
      return false;
    }
    order.get().kill().run();
    order.get().done().complete(entry);
    return true;
  }

  /** Takes it back; false if it is being carried out. */
  boolean takeBack() {
    return open.getAndSet(Optional.empty()).isPresent();
  }

  /** The entry, if the order is carried out in that time. */
  static Optional<String> await(CompletableFuture<String> order, long millis) {
    try {
      return Optional.of(order.get(millis, TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
