package dev.keyturn.store.file;

import dev.keyturn.oauth.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for a disk that does not: whoever waits is told so after five seconds, and whoever comes
 * then at once.
 *
 * <p>A flush cannot be called back, so what waits for it may still be done: its outcome is unknown.
 */
final class Hang {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
  static final String WORDS = "the disk of the store does not answer";

  private static final Duration LONGEST = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration RETRY = Duration.ofSeconds(5);

  private final Queue<Change<?>> queue;
  private final ScheduledExecutorService watch =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "keyturn-store-watch");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Work work = Work.NONE;
  private volatile boolean hanging;

  /**
   * @param queue the changes whose turn has not come
   */
  Hang(Queue<Change<?>> queue) {
    this.queue = queue;
  }

  void start() {
    var unused =
        watch.scheduleWithFixedDelay(
            this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The writer turns to the disk, with these changes. */
  void begin(List<Change<?>> batch) {
    work = new Work(List.copyOf(batch), System.nanoTime());
  }

  /** The writer is back. */
  void end() {
    work = Work.NONE;
    if (hanging) {
      hanging = false;
      LOG.atInfo().setMessage("the disk answers again").log();
    }
  }

  /** Whether the writer has been away for too long. */
  boolean is() {
    return hanging;
  }

  static UnavailableException refusal() {
    return new UnavailableException(WORDS, RETRY);
  }

  void close() {
    watch.shutdown();
  }

  private void look() {
    var now = work;
    if (now.isOverdue()) {
      if (!hanging) {
        hanging = true;
        LOG.atError().setMessage(WORDS).log();
      }
      var unknown =
          new UnavailableException("the disk does not answer: the outcome is unknown", RETRY);
      now.changes.forEach(change -> change.answer().fail(unknown));
      var waiting = new ArrayList<Change<?>>();
      for (var next = queue.poll(); next != null; next = queue.poll()) {
        waiting.add(next);
      }
      waiting.forEach(change -> change.answer().fail(refusal()));
    }
  }

  private record Work(List<Change<?>> changes, long since) {
    static final Work NONE = new Work(List.of(), Long.MAX_VALUE);

    boolean isOverdue() {
      return since != Long.MAX_VALUE && System.nanoTime() - since > LONGEST.toNanos();
    }
  }
}
