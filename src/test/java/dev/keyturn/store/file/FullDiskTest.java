package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SmallDisk;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk is full, and then it is not. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FullDiskTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private static Path temporary;
  private final List<String> acknowledged = new ArrayList<>();
  private SmallDisk disk;
  private FileStore store;

  @BeforeEach
  void open() throws IOException {
    assumeTrue(SmallDisk.isPossible(temporary), "no small disk can be mounted here");
    disk = SmallDisk.over(temporary, 16);
    store = opened();
    put(100);
  }

  @AfterEach
  void close() {
    if (disk != null) {
      done(store.close());
      disk.close();
    }
  }

  private FileStore opened() throws IOException {
    var folder = new StoreFolder(temporary.resolve("data"));
    return FileStore.open(folder, new SettableClock(), 1_000_000, kind -> {});
  }

  private static Buffer value(String key) {
    return Buffer.buffer(key + "x".repeat(500));
  }

  private boolean put(int entries) {
    for (int i = 0; i < entries; i++) {
      var key = "code/" + acknowledged.size();
      var put = store.put(key, value(key), HOUR);
      if (done(put.transform(result -> io.vertx.core.Future.succeededFuture(result.failed())))) {
        return false;
      }
      acknowledged.add(key);
    }
    return true;
  }

  private void fillTheDisk() throws IOException {
    takeAllSpace();
    assertThat(put(10_000)).isFalse();
  }

  private void takeAllSpace() throws IOException {
    try (OutputStream filler = Files.newOutputStream(filler(), CREATE, APPEND)) {
      while (true) {
        filler.write(new byte[4096]);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left");
    }
  }

  private Path filler() {
    return temporary.resolve("filler");
  }

  private void everythingAcknowledgedIsThere() {
    await().ignoreExceptions().until(() -> done(store.get("code/0")).isPresent());
    for (var key : acknowledged) {
      assertThat(done(store.get(key)).orElseThrow().value()).as(key).isEqualTo(value(key));
    }
  }

  @Test
  void what_cannot_be_written_is_refused_as_unavailable() throws IOException {
    fillTheDisk();
    assertThat(failed(store.put("code/x", value("x"), HOUR)))
        .isInstanceOf(UnavailableException.class);
    assertThat(failed(store.take(acknowledged.get(0)))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void what_is_there_can_still_be_read() throws IOException {
    fillTheDisk();
    everythingAcknowledgedIsThere();
  }

  @Test
  void it_goes_on_by_itself_when_there_is_space_again() throws IOException {
    fillTheDisk();
    Files.delete(filler());
    await().until(() -> put(100));
    everythingAcknowledgedIsThere();
  }

  @Test
  void it_says_what_is_wrong_until_it_can_be_written_again() throws IOException {
    fillTheDisk();
    var folder = temporary.resolve("data").toString();
    // The caller is answered before the store looks after itself.
    await()
        .untilAsserted(
            () -> assertThat(store.troubles().get(folder)).endsWith(": No space left on device"));
    Files.delete(filler());
    await().until(() -> put(1));
    assertThat(store.troubles()).isEmpty();
  }

  @Test
  void a_store_that_cannot_be_made_for_lack_of_space_says_so() throws IOException {
    done(store.close());
    takeAllSpace();
    var another = new StoreFolder(temporary.resolve("another"));
    assertThatThrownBy(() -> FileStore.open(another, new SettableClock(), 10, kind -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(another.data() + " cannot be made: ")
        .hasMessageEndingWith("No space left on device");
  }

  @Test
  void nothing_acknowledged_is_lost_by_it() throws IOException {
    fillTheDisk();
    done(store.close());
    Files.delete(filler());
    store = opened();
    everythingAcknowledgedIsThere();
  }

  @Test
  void a_store_that_fills_the_disk_by_itself_loses_nothing_either() {
    assertThat(put(100_000)).isFalse();
    everythingAcknowledgedIsThere();
  }
}
