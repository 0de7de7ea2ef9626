package dev.keyturn.secrets;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a look may be worth while before the next poll is due.
 *
 * <p>Nothing depends on it: events are lost by network file systems, by full queues, by limits of
 * the kernel, and whatever goes wrong here only means that a change is seen a poll later. The
 * directory of a mount is watched, never {@code ..data}, whose watch dies with the first swap.
 */
public final class ChangeHints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeHints.class);
  private static final long QUIET_MILLIS = 50;
  private static final int PATIENCE = 10;

  private final Runnable hint;
  private final Optional<WatchService> service;
  private Set<WatchKey> keys = Set.of();

  /**
   * @param hint called on a thread of its own, never twice at once; must not take long
   */
  public ChangeHints(Runnable hint) {
    this.hint = hint;
    this.service = open();
    service.ifPresent(
        open -> {
          var thread = new Thread(() -> run(open), "keyturn-change-hints");
          thread.setDaemon(true);
          thread.start();
        });
  }

  /**
   * Watches these directories and no other ones. To be called after each look: a directory that
   * went and came back is another one, and needs another watch.
   */
  public synchronized void watch(Set<Path> directories) {
    var now = new HashSet<WatchKey>();
    directories.forEach(directory -> register(directory).ifPresent(now::add));
    keys.stream().filter(key -> !now.contains(key)).forEach(WatchKey::cancel);
    keys = now;
  }

  /** Ends the thread. */
  @Override
  public synchronized void close() {
    keys = Set.of();
    service.ifPresent(
        open -> {
          try {
            open.close();
          } catch (IOException e) {
            LOG.atDebug().setCause(e).setMessage("change hints did not close").log();
          }
        });
  }

  private static Optional<WatchService> open() {
    try {
      return Optional.of(FileSystems.getDefault().newWatchService());
    } catch (IOException | UnsupportedOperationException e) {
      LOG.atInfo()
          .setMessage("files are only polled")
          .addKeyValue("because", e.getClass().getSimpleName())
          .log();
      return Optional.empty();
    }
  }

  /** A directory that is watched already has one key, however often it is asked for. */
  private Optional<WatchKey> register(Path directory) {
    try {
      return service.isEmpty()
          ? Optional.empty()
          : Optional.of(
              directory.register(service.get(), ENTRY_CREATE, ENTRY_DELETE, ENTRY_MODIFY));
    } catch (IOException | ClosedWatchServiceException e) {
      return Optional.empty();
    }
  }

  private void run(WatchService open) {
    try {
      while (true) {
        drain(open.take());
        awaitQuiet(open);
        say();
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      LOG.atDebug().setMessage("change hints end").log();
    }
  }

  /** One change is several events, and a busy neighbour may make them without end. */
  private static void awaitQuiet(WatchService open) throws InterruptedException {
    for (int i = 0; i < PATIENCE; i++) {
      var more = open.poll(QUIET_MILLIS, TimeUnit.MILLISECONDS);
      if (more == null) {
        return;
      }
      drain(more);
    }
  }

  /** What happened does not matter, not even that there was too much of it. */
  private static void drain(WatchKey key) {
    key.pollEvents();
    key.reset();
  }

  private void say() {
    try {
      hint.run();
    } catch (RuntimeException e) {
      LOG.atWarn().setCause(e).setMessage("nobody took a hint of a change").log();
    }
  }
}
