package dev.keyturn.store.file;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file usable: removes what is over, gives space back, opens it again after a failure.
 *
 * <p>Only the writer calls it. A full disk closes the engine for good, so it is opened again at
 * once, for those who read; writing is tried again once a second. A file that is damaged is copied
 * into a new one before anything more is written.
 */
final class Caretaker {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration BETWEEN_REBUILDS = Duration.ofSeconds(10);
  private static final Duration BETWEEN_SWEEPS = Duration.ofMillis(20);
  private static final Duration BETWEEN_TIDIES = Duration.ofMillis(200);
  private static final Duration AFTER_A_FAILED_TIDY = Duration.ofSeconds(10);

  private final HeldFolder folder;
  private final Entries entries;
  private final Sweep sweep;
  private final Tidying tidying = new Tidying();
  private volatile boolean damaged;
  private volatile Optional<String> trouble = Optional.empty();
  private boolean doubtful;
  private boolean open = true;
  private boolean writing = true;
  private long resume = System.nanoTime();
  private long nextSweep = System.nanoTime();
  private long nextTidy = System.nanoTime();

  Caretaker(HeldFolder folder, Entries entries, Clock clock) {
    this.folder = folder;
    this.entries = entries;
    this.sweep = new Sweep(clock);
  }

  /** A reader met damage that goes beyond one entry. */
  void suspectDamage() {
    damaged = true;
  }

  /** Why nothing is written, in words; for any thread. */
  Optional<String> trouble() {
    return trouble;
  }

  /** Whether trying to write makes sense now; opens the file again where it must be. */
  boolean mayWrite() {
    if (writing) {
      return true;
    }
    if (isBefore(resume)) {
      return false;
    }
    if (doubtful) {
      resume = System.nanoTime() + BETWEEN_REBUILDS.toNanos();
      rebuild();
    }
    return !doubtful && (open || reopen());
  }

  /** A batch became durable. */
  void succeeded() {
    if (!writing) {
      writing = true;
      trouble = Optional.empty();
      LOG.atInfo().setMessage("the store can be written again").log();
    }
  }

  /** Writing failed: nothing of the batch may be relied on. */
  void failed(Throwable failure) {
    if (writing) {
      LOG.atError()
          .setMessage(
              Failure.isDamage(failure) ? "the store is damaged" : "the store is not written")
          .addKeyValue("folder", folder.folder())
          .addKeyValue("because", Failure.inWords(failure))
          .log();
    }
    writing = false;
    trouble = Optional.of("is not written: " + Failure.inWords(failure));
    resume = System.nanoTime() + PAUSE.toNanos();
    mend(failure);
  }

  private void mend(Throwable failure) {
    doubtful |= Failure.isDamage(failure);
    if (doubtful) {
      rebuild();
    } else {
      reopen();
    }
  }

  /** Does a little of what can wait, and is not committed yet. */
  void sweep() {
    if (damaged) {
      damaged = false;
      throw Failure.disorder();
    }
    entries.removeSuspects();
    if (sweep.isDue() && !isBefore(nextSweep)) {
      sweep.step(entries);
      nextSweep = System.nanoTime() + BETWEEN_SWEEPS.toNanos();
    }
  }

  /** Gives back a little space. */
  void tidy() {
    if (!isBefore(nextTidy)) {
      nextTidy = System.nanoTime() + BETWEEN_TIDIES.toNanos();
      try {
        tidying.step(entries.file());
      } catch (MVStoreException e) {
        // What is to save space needs some first. Nothing that anybody waits for has failed.
        nextTidy = System.nanoTime() + AFTER_A_FAILED_TIDY.toNanos();
        mend(e);
      }
    }
  }

  private boolean reopen() {
    entries.file().abandon();
    sweep.restart();
    tidying.restart();
    try {
      entries.continueWith(folder.open());
      open = true;
    } catch (IOException | RuntimeException e) {
      if (open) {
        LOG.atError()
            .setMessage("the store cannot be opened")
            .addKeyValue("because", Failure.inWords(e))
            .log();
      }
      open = false;
      writing = false;
      trouble = Optional.of("cannot be opened: " + Failure.inWords(e));
      resume = System.nanoTime() + PAUSE.toNanos();
    }
    return open;
  }

  /** Nothing is written to a file that cannot be relied on. */
  private void rebuild() {
    if (!reopen()) {
      return;
    }
    try {
      var anew = folder.folder().newDraft(entries.file().nextVersion());
      var lost = Salvage.copy(entries, anew);
      anew.close();
      entries.file().abandon();
      folder.folder().replaceByDraft();
      doubtful = false;
      tell(lost);
    } catch (IOException | RuntimeException e) {
      LOG.atError()
          .setMessage("the store cannot be built anew")
          .addKeyValue("because", Failure.inWords(e))
          .log();
    }
    reopen();
  }

  private void tell(int lostPages) {
    LOG.atError()
        .setMessage("the store has been built anew from what could be read")
        .addKeyValue("lost_pages", lostPages)
        .log();
    for (int i = 0; i < lostPages; i++) {
      entries.tellDamage("");
    }
  }

  private static boolean isBefore(long time) {
    return System.nanoTime() - time < 0;
  }
}
