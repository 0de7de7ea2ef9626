package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The power goes at any moment, and of what was not flushed any part is on the disk. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PowerCutTest {
  private static final int CUTS = Integer.getInteger("keyturn.cuts", 40);
  private static final int KEYS = 400;
  private static final int MOST_STEPS = 1500;
  private static final String FILE = "store";

  @TempDir private Path temporary;
  private final SettableClock clock = new SettableClock();
  private int commits;

  @Test
  void what_was_committed_is_there_and_nothing_is_half_done() throws IOException {
    for (int cut = 0; cut < CUTS; cut++) {
      try (var life = new Life(cut)) {
        life.goOnUntilThePowerGoes();
        life.check();
      }
    }
    assertThat(commits).isGreaterThan(CUTS * 10);
  }

  @Test
  void a_flush_that_failed_is_made_good_by_the_next_opening() throws IOException {
    for (int cut = 0; cut < CUTS; cut++) {
      try (var life = new Life(cut)) {
        life.goOnUntilAFlushFails();
        life.goOnUntilThePowerGoes();
        life.check();
      }
    }
  }

  /** A file from its making to the power cut. */
  private final class Life implements AutoCloseable {
    private final int number;
    private final Random random;
    private final UnflushedDisk disk;
    private final Map<String, Integer> durable = new HashMap<>();
    private final Map<String, Integer> next = new HashMap<>();
    private final List<Long> marks = new ArrayList<>(List.of(0L));

    Life(int number) {
      this.number = number;
      this.random = new Random(number);
      this.disk = new UnflushedDisk(random);
      open().close(); // As the store makes it, before it is put in its place.
    }

    private DataFile open() {
      var name = AtomicPath.nameOf(UnflushedDisk.nameOf(FILE));
      return DataFile.of(DataFile.builder(name).open(), 0, marks::add);
    }

    void goOnUntilThePowerGoes() {
      disk.cutAfter(1 + random.nextInt(MOST_STEPS));
      workUntilItFails();
    }

    /** What was on its way then is there or not, and both are right. */
    void goOnUntilAFlushFails() {
      var file = open();
      for (int i = random.nextInt(30); i >= 0; i--) {
        work(file);
      }
      file.abandon();
      disk.failFlushes(1 + random.nextInt(2));
      workUntilItFails();
    }

    private void workUntilItFails() {
      DataFile file = null;
      try {
        file = open();
        settle(file);
        while (true) {
          work(file);
        }
      } catch (MVStoreException e) {
        if (file != null) {
          file.abandon();
        }
      }
    }

    /** Goes on from what is there. */
    private void settle(DataFile file) {
      var found = new HashMap<String, Integer>();
      for (int i = 0; i < KEYS; i++) {
        var key = key(i);
        file.read(key)
            .flatMap(bytes -> Entry.decode(key, bytes))
            .ifPresent(entry -> found.put(key, entry.value().getInt(0)));
      }
      assertThat(found).isIn(durable, next);
      next.clear();
      next.putAll(found);
      durable.clear();
      durable.putAll(found);
    }

    private void work(DataFile file) {
      for (int i = random.nextInt(20); i >= 0; i--) {
        change(file, key(random.nextInt(KEYS)));
      }
      file.commit();
      commits++;
      durable.clear();
      durable.putAll(next);
      if (random.nextInt(3) == 0) {
        file.tidy();
      }
    }

    private void change(DataFile file, String key) {
      if (random.nextInt(3) == 0) {
        file.remove(key);
        next.remove(key);
      } else {
        var value = random.nextInt();
        var entry = new Entry(value(value), file.nextVersion(), Long.MAX_VALUE);
        file.write(key, entry.encode(key));
        next.put(key, value);
      }
    }

    void check() throws IOException {
      var folder = new StoreFolder(temporary.resolve("cut" + number));
      Files.createDirectories(folder.path());
      Files.write(folder.data(), disk.afterCut(FILE));
      Files.write(folder.redo(), disk.afterCut(AtomicPath.logOf(FILE)));
      Files.createFile(folder.mark());
      try (var mark = Mark.open(folder.mark())) {
        mark.write(oneOfTheLastMarks());
      }
      var damaged = new ArrayList<String>();
      var store = FileStore.open(folder, clock, 10_000, damaged::add);
      var found = new HashMap<String, Integer>();
      for (int i = 0; i < KEYS; i++) {
        var key = key(i);
        done(store.get(key)).ifPresent(entry -> found.put(key, entry.value().getInt(0)));
      }
      done(store.close());
      assertThat(found).as("cut " + number).isIn(durable, next);
      assertThat(damaged).isEmpty();
    }

    /** Nobody flushes the mark, so the disk may have an older one. */
    private long oneOfTheLastMarks() {
      return marks.get(marks.size() - 1 - random.nextInt(Math.min(3, marks.size())));
    }

    @Override
    public void close() {
      disk.close();
    }
  }

  private static String key(int i) {
    return "session/" + i;
  }

  private static Buffer value(int value) {
    return Buffer.buffer().appendInt(value).appendBytes(new byte[100 + Math.floorMod(value, 900)]);
  }
}
