package dev.keyturn.store.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TidyingTest {
  private static final int ENTRIES = 2000;
  private static final int STEPS = 300;

  @TempDir private Path folder;
  private final Tidying tidying = new Tidying();
  private DataFile file;

  @BeforeEach
  void fill() {
    file = DataFile.create(path(), 0);
    churn(ENTRIES);
  }

  @AfterEach
  void close() {
    file.close();
  }

  private Path path() {
    return folder.resolve("store.mv");
  }

  /** Writes each entry in a flush of its own, scattered. */
  private void churn(int times) {
    for (int i = 0; i < times; i++) {
      var key = "session/" + i * 7919 % ENTRIES;
      var entry = new Entry(Buffer.buffer(new byte[500]), file.nextVersion(), Long.MAX_VALUE);
      file.write(key, entry.encode(key));
      file.commit();
    }
  }

  /** How many steps have changed the file. */
  private long fruitful(int steps) {
    var before = file.store().getCurrentVersion();
    for (int i = 0; i < steps; i++) {
      tidying.step(file);
    }
    return file.store().getCurrentVersion() - before;
  }

  @Test
  void the_file_gets_smaller() throws IOException {
    var before = Files.size(path());
    fruitful(STEPS);
    assertThat(Files.size(path())).isLessThan(before / 2);
  }

  @Test
  void it_comes_to_rest() {
    fruitful(STEPS);
    assertThat(fruitful(STEPS)).isZero();
  }

  @Test
  void it_goes_on_when_there_are_changes() {
    fruitful(STEPS);
    churn(ENTRIES);
    assertThat(fruitful(STEPS)).isPositive();
  }

  @Test
  void a_change_alone_sets_off_little() {
    fruitful(STEPS);
    churn(1);
    assertThat(fruitful(STEPS)).isLessThan(10);
  }
}
