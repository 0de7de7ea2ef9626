package dev.keyturn.operator.reconcile;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The resources that are to be looked at.
 *
 * <p>Each is in it once, however often something happens to it, so that it is never longer than
 * there are resources. One resource is looked at by one thread at a time. A failure is tried again
 * after longer and longer; whatever happens to the resource in between is looked at at once. That
 * goes for an {@code Error} too: one resource that exhausts the stack ends no other's looks, and
 * what is only thrown is heard by nobody.
 */
final class WorkQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WorkQueue.class);
  private static final Duration FIRST = Duration.ofSeconds(1);
  private static final Duration LAST = Duration.ofMinutes(5);

  private final Function<Key, Look> looking;
  private final ScheduledThreadPoolExecutor threads;
  private final Set<Key> waiting = new HashSet<>();
  private final Set<Key> underWay = new HashSet<>();
  private final Set<Key> onceMore = new HashSet<>();
  private final Map<Key, Integer> failures = new HashMap<>();
  private final Map<Key, Long> due = new HashMap<>();
  private boolean open;

  WorkQueue(int threads, Function<Key, Look> looking) {
    this.looking = looking;
    this.threads =
        new ScheduledThreadPoolExecutor(
            threads,
            task -> {
              var thread = new Thread(task, "reconcile");
              thread.setDaemon(true);
              return thread;
            });
    this.threads.setRemoveOnCancelPolicy(true);
    this.threads.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** From now on there are looks; what was added before comes first. */
  synchronized void open() {
    open = true;
    waiting.forEach(this::execute);
  }

  /** Has it looked at soon. */
  synchronized void add(Key key) {
    if (underWay.contains(key)) {
      onceMore.add(key);
    } else if (waiting.add(key) && open) {
      execute(key);
    }
  }

  /** Has it looked at by then, unless it is earlier anyway. */
  synchronized void addWithin(Key key, Duration time) {
    var at = System.nanoTime() + time.toNanos();
    var known = due.get(key);
    if (known != null && known - at <= 0 && known - System.nanoTime() > 0) {
      return;
    }
    due.put(key, at);
    if (!threads.isShutdown()) {
      var unused = threads.schedule(() -> dueNow(key, at), time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** How many are waiting. */
  synchronized int length() {
    return waiting.size() + underWay.size();
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(30, TimeUnit.SECONDS)) {
        LOG.atWarn().setMessage("a look does not end").log();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void dueNow(Key key, long at) {
    if (Long.valueOf(at).equals(due.get(key))) {
      due.remove(key);
      add(key);
    }
  }

  private void execute(Key key) {
    if (!threads.isShutdown()) {
      threads.execute(() -> take(key));
    }
  }

  private void take(Key key) {
    synchronized (this) {
      waiting.remove(key);
      underWay.add(key);
    }
    var again = Duration.ZERO;
    try {
      again = followedBy(key, looking.apply(key));
    } catch (RuntimeException | Error e) {
      again = failed(key, e);
    } finally {
      done(key, again);
    }
  }

  private Duration followedBy(Key key, Look look) {
    look.others().forEach(this::add);
    if (look.waits()) {
      return later(key);
    }
    forgive(key);
    return look.again().orElse(Duration.ZERO);
  }

  private Duration failed(Key key, Throwable cause) {
    var again = later(key);
    if (threads.isShutdown()) {
      return again;
    }
    LOG.atWarn()
        .setMessage("a look failed and is tried again")
        .addKeyValue("resource", key)
        .addKeyValue("again_in", again)
        .addKeyValue("because", cause instanceof ApiException ? cause.getMessage() : cause)
        .setCause(cause instanceof ApiException ? null : cause)
        .log();
    return again;
  }

  private synchronized void done(Key key, Duration again) {
    underWay.remove(key);
    if (onceMore.remove(key)) {
      add(key);
    } else if (!again.isZero()) {
      addWithin(key, again);
    }
  }

  private synchronized Duration later(Key key) {
    var times = failures.merge(key, 1, Integer::sum);
    var wait = FIRST.toMillis() << Math.min(times - 1, 9);
    return Duration.ofMillis(Math.min(wait, LAST.toMillis()));
  }

  private synchronized void forgive(Key key) {
    failures.remove(key);
  }
}
