package dev.keyturn.store.file;

import dev.keyturn.oauth.UnavailableException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.h2.mvstore.MVStoreException;

/**
 * The one thread that writes: many changes, one flush to the disk, then their answers.
 *
 * <p>So the cost of a flush is shared by all who wait at the same time, and whoever is answered can
 * rely on it.
 */
final class Writer {
  private static final int QUEUE = 8192;
  private static final int BATCH = 512;
  private static final Duration TICK = Duration.ofMillis(50);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final BlockingQueue<Change<?>> queue = new ArrayBlockingQueue<>(QUEUE);
  private final List<Change<?>> batch = new ArrayList<>(BATCH);
  private final Hang hang = new Hang(queue);
  private final Entries entries;
  private final Caretaker caretaker;
  private final Runnable afterwards;
  private final Thread thread = new Thread(this::run, "keyturn-store");
  private volatile boolean closing;
  private volatile boolean ended;

  /**
   * @param afterwards runs when the last change has been answered
   */
  Writer(Entries entries, Caretaker caretaker, Runnable afterwards) {
    this.entries = entries;
    this.caretaker = caretaker;
    this.afterwards = afterwards;
    thread.setDaemon(true);
  }

  void start() {
    hang.start();
    thread.start();
  }

  /** Takes a change; it is answered in any case. */
  void accept(Change<?> change) {
    if (closing) {
      change.answer().fail(new UnavailableException("the store is closed", RETRY));
    } else if (hang.is()) {
      change.answer().fail(Hang.refusal());
    } else if (!queue.offer(change)) {
      change.answer().fail(new UnavailableException("the store has too much to do", RETRY));
    } else if (ended && queue.remove(change)) {
      change.answer().fail(new UnavailableException("the store is closed", RETRY));
    }
  }

  /** Takes no more changes, and ends when those that wait are done. */
  void close() {
    closing = true;
  }

  /** Why nothing is written, in words; for any thread. */
  Optional<String> trouble() {
    return hang.is() ? Optional.of(Hang.WORDS) : caretaker.trouble();
  }

  private void run() {
    try {
      while (!closing || !queue.isEmpty()) {
        gather();
        hang.begin(batch);
        work();
        hang.end();
        batch.clear();
      }
    } finally {
      ended = true;
      hang.close();
      failAll(new ArrayList<>(queue), new UnavailableException("the store is closed", RETRY));
      afterwards.run();
    }
  }

  private void gather() {
    try {
      var first = queue.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
      }
    } catch (InterruptedException e) {
      // Nobody but this class has the thread, and it interrupts nobody.
    }
  }

  private void work() {
    try {
      if (!caretaker.mayWrite()) {
        failAll(batch, new UnavailableException("the store cannot be written", RETRY));
        return;
      }
      var answers = apply();
      caretaker.sweep();
      if (entries.commit()) {
        caretaker.succeeded();
      }
      answers.forEach(Runnable::run);
      batch.clear();
      caretaker.tidy();
    } catch (Throwable failure) { // Also an OutOfMemoryError: a dead writer would stop everything.
      failAll(batch, new UnavailableException("the store could not write: outcome unknown", RETRY));
      caretaker.failed(failure);
    }
  }

  /** Applies each change; one that cannot be applied fails alone. */
  private List<Runnable> apply() {
    var answers = new ArrayList<Runnable>();
    for (var change : batch) {
      try {
        answers.add(change.applyTo(entries));
      } catch (MVStoreException e) {
        throw e;
      } catch (RuntimeException e) {
        answers.add(() -> change.answer().fail(e));
      }
    }
    return answers;
  }

  private static void failAll(List<Change<?>> changes, UnavailableException failure) {
    changes.forEach(change -> change.answer().fail(failure));
  }
}
