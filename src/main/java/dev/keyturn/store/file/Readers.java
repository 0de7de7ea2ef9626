package dev.keyturn.store.file;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.Versioned;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read, since they may have to wait for the disk.
 *
 * <p>Nobody interrupts them: an interrupted read would close the file for all.
 */
final class Readers {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int THREADS = 4;
  private static final int WAITING = 8192;

  private final ThreadPoolExecutor threads = threads("keyturn-store-read", THREADS, WAITING);
  private final Entries entries;
  private final Caretaker caretaker;

  Readers(Entries entries, Caretaker caretaker) {
    this.entries = entries;
    this.caretaker = caretaker;
  }

  /** Threads that do not keep a process alive, and end when nothing is to be done. */
  static ThreadPoolExecutor threads(String name, int most, int waiting) {
    var pool =
        new ThreadPoolExecutor(
            most,
            most,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(waiting),
            task -> {
              var thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  void read(String key, Answer<Optional<Versioned<Buffer>>> answer) {
    try {
      threads.execute(() -> readNow(key, answer));
    } catch (RejectedExecutionException e) {
      answer.fail(new UnavailableException("the store has too much to read, or is closed", RETRY));
    }
  }

  private void readNow(String key, Answer<Optional<Versioned<Buffer>>> answer) {
    try {
      answer.succeed(
          entries.read(key).map(entry -> new Versioned<>(entry.value(), entry.version())));
    } catch (RuntimeException e) {
      if (Failure.isDamage(e)) {
        caretaker.suspectDamage();
      }
      answer.fail(new UnavailableException("the store cannot be read", RETRY));
    }
  }

  /** Takes no more, and lets those that wait be answered. */
  void close() {
    threads.shutdown();
  }

  void awaitEnd() throws InterruptedException {
    threads.awaitTermination(RETRY.toMillis(), TimeUnit.MILLISECONDS);
  }
}
