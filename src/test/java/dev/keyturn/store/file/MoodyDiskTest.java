package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Outcome;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk fails to flush, or does not answer at all. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MoodyDiskTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Buffer VALUE = Buffer.buffer("x".repeat(500));

  @TempDir private Path temporary;
  private MoodyDisk disk;
  private FileStore store;

  @BeforeEach
  void open() throws IOException {
    disk = new MoodyDisk(temporary);
    store = opened();
    done(put("session/old"));
  }

  @AfterEach
  void close() {
    disk.release();
    done(store.close());
    disk.close();
  }

  private FileStore opened() throws IOException {
    return FileStore.open(disk.folder(), new SettableClock(), 10_000, kind -> {});
  }

  private Future<Void> put(String key) {
    return store.put(key, VALUE, HOUR);
  }

  private boolean isThere(String key) {
    return done(store.get(key)).isPresent();
  }

  @Nested
  class A_flush_that_fails {
    @Test
    void is_told_as_unknown() {
      disk.fail(1);
      assertThat(failed(put("session/new")))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("unknown");
    }

    @Test
    void takes_nothing_with_it_that_was_acknowledged() throws IOException {
      var acknowledged = new ArrayList<>(List.of("session/old"));
      for (int i = 0; i < 60; i++) {
        disk.fail(i % 3 == 1 ? 1 + i % 2 : 0);
        var key = "session/" + i;
        if (Outcome.isGood(put(key))) {
          acknowledged.add(key);
        } else {
          await().until(() -> Outcome.isGood(put("session/next")));
        }
      }
      done(store.close());
      store = opened();
      assertThat(acknowledged).hasSizeGreaterThan(30).allMatch(MoodyDiskTest.this::isThere);
    }

    @Test
    void is_over_by_itself() {
      disk.fail(1);
      failed(put("session/new"));
      await().until(() -> Outcome.isGood(put("session/next")));
      assertThat(isThere("session/old")).isTrue();
    }
  }

  @Nested
  class A_flush_that_does_not_come_to_an_end {
    private Throwable told;

    @BeforeEach
    void hang() {
      disk.hold();
      told = failed(put("session/new"));
    }

    @Test
    void is_told_as_unknown_to_those_who_wait() {
      assertThat(told).isInstanceOf(UnavailableException.class).hasMessageContaining("unknown");
    }

    @Test
    void is_told_at_once_to_those_who_come_then_while_others_read() {
      assertThat(failed(put("session/next"))).hasMessageContaining("does not answer");
      assertThat(isThere("session/old")).isTrue();
      assertThat(isThere("session/new")).as("what is not flushed").isFalse();
    }

    @Test
    void is_forgotten_when_it_does_and_was_done_then() {
      disk.release();
      await().until(() -> Outcome.isGood(put("session/next")));
      assertThat(isThere("session/new")).isTrue();
    }
  }
}
