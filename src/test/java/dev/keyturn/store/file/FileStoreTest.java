package dev.keyturn.store.file;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.KeyValueStoreContract;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FileStoreTest implements KeyValueStoreContract {
  private static final int CAPACITY = 2 * MANY;

  @TempDir private Path temporary;
  private final SettableClock clock = new SettableClock();
  private final List<String> damaged = new CopyOnWriteArrayList<>();
  private FileStore store;

  @BeforeEach
  void open() throws IOException {
    store = open(CAPACITY);
  }

  @AfterEach
  void close() {
    done(store.close());
  }

  private StoreFolder folder() {
    return new StoreFolder(temporary.resolve("data"));
  }

  private FileStore open(int capacity) throws IOException {
    return FileStore.open(folder(), clock, capacity, damaged::add);
  }

  private void reopen() throws IOException {
    reopen(CAPACITY);
  }

  private void reopen(int capacity) throws IOException {
    done(store.close());
    store = open(capacity);
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public void forward(Duration time) {
    clock.forward(time);
  }

  @Test
  void what_was_put_is_there_after_a_restart() throws IOException {
    done(store.put(KEY, ONE, MINUTE));
    reopen();
    assertThat(done(store.take(KEY))).contains(ONE);
  }

  @Test
  void what_was_taken_is_gone_after_a_restart() throws IOException {
    done(store.put(KEY, ONE, MINUTE));
    done(store.take(KEY));
    reopen();
    assertThat(done(store.take(KEY))).isEmpty();
  }

  @Test
  void a_count_goes_on_after_a_restart() throws IOException {
    done(store.count(KEY, MINUTE));
    reopen();
    assertThat(done(store.count(KEY, MINUTE))).isEqualTo(2);
  }

  @Test
  void an_entry_dies_while_nobody_has_the_store_open() throws IOException {
    done(store.put(KEY, ONE, MINUTE));
    done(store.close());
    clock.forward(MINUTE);
    store = open(CAPACITY);
    assertThat(done(store.get(KEY))).isEmpty();
  }

  @Test
  void a_version_is_kept_at_a_restart() throws IOException {
    done(store.put(KEY, ONE, MINUTE));
    var version = done(store.get(KEY)).orElseThrow().version();
    reopen();
    assertThat(done(store.replace(KEY, version, TWO, MINUTE))).isTrue();
  }

  @Test
  void a_version_is_not_used_twice_though_there_are_restarts() throws IOException {
    var versions = new ArrayList<Long>();
    for (int i = 0; i < 10; i++) {
      done(store.put(KEY, ONE, MINUTE));
      versions.add(done(store.get(KEY)).orElseThrow().version());
      done(store.take(KEY));
      reopen();
    }
    assertThat(versions).doesNotHaveDuplicates();
  }

  @Test
  void nobody_but_the_owner_can_read_it() throws IOException {
    assertThat(mode(folder().path())).isEqualTo("rwx------");
    try (var files = Files.list(folder().path())) {
      assertThat(files.map(FileStoreTest::mode)).isNotEmpty().containsOnly("rw-------");
    }
  }

  @Test
  void the_dead_are_swept_away() {
    done(store.put(KEY, ONE, MINUTE));
    done(store.put("code/2", ONE, MINUTE.multipliedBy(10)));
    clock.forward(Sweep.PAUSE.plus(MINUTE));
    await().untilAsserted(() -> assertThat(store.size()).isEqualTo(1));
  }

  @Test
  void thousands_of_dead_are_swept_away() {
    for (int i = 0; i < 3; i++) {
      var wave = "w" + i + "/";
      done(
          Future.all(
              IntStream.range(0, 1000).mapToObj(n -> store.put(wave + n, ONE, MINUTE)).toList()));
    }
    clock.forward(Sweep.PAUSE.plus(MINUTE));
    await().untilAsserted(() -> assertThat(store.size()).isZero());
  }

  @Test
  void a_full_store_refuses_a_new_entry() throws IOException {
    reopen(1);
    done(store.put(KEY, ONE, MINUTE));
    assertThat(failed(store.put("code/2", ONE, MINUTE))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_full_store_still_writes_over_what_is_there() throws IOException {
    reopen(1);
    done(store.put(KEY, ONE, MINUTE));
    done(store.put(KEY, TWO, MINUTE));
    assertThat(done(store.take(KEY))).contains(TWO);
  }

  @Test
  void what_cannot_be_counted_fails_alone() {
    done(store.put(KEY, ONE, MINUTE));
    var counted = store.count(KEY, MINUTE);
    var other = store.put("code/2", ONE, MINUTE);
    assertThat(failed(counted)).isInstanceOf(IndexOutOfBoundsException.class);
    done(other);
  }

  @Test
  void too_many_calls_at_once_are_refused() {
    var calls = new ArrayList<Future<?>>();
    for (int i = 0; i < 50_000; i++) {
      calls.add(store.put("many/" + i, ONE, MINUTE));
    }
    done(Future.join(calls).otherwiseEmpty());
    assertThat(calls)
        .filteredOn(Future::failed)
        .isNotEmpty()
        .allSatisfy(call -> assertThat(call.cause()).isInstanceOf(UnavailableException.class));
  }

  @Test
  void what_waits_is_done_before_it_closes() throws IOException {
    var calls = new ArrayList<Future<Void>>();
    for (int i = 0; i < 2000; i++) {
      calls.add(store.put("many/" + i, ONE, MINUTE));
    }
    reopen();
    assertThat(calls).allMatch(Future::succeeded);
    assertThat(store.size()).isEqualTo(2000);
  }

  @Test
  void a_closed_store_is_away() {
    done(store.close());
    assertThat(failed(store.put(KEY, ONE, MINUTE))).isInstanceOf(UnavailableException.class);
    assertThat(failed(store.get(KEY))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void it_is_closed_twice_without_harm() {
    done(store.close());
    done(store.close());
  }

  @Test
  void a_caller_on_an_event_loop_is_answered_there() {
    var vertx = Vertx.vertx();
    var contexts = new CompletableFuture<Boolean>();
    var context = vertx.getOrCreateContext();
    context.runOnContext(
        entered ->
            store
                .put(KEY, ONE, MINUTE)
                .compose(put -> store.get(KEY))
                .onComplete(got -> contexts.complete(Vertx.currentContext() == context)));
    assertThat(contexts).succeedsWithin(Patience.LONG).isEqualTo(true);
    done(vertx.close());
  }

  @Test
  void a_caller_elsewhere_that_keeps_its_answer_waiting_holds_up_no_event_loop() {
    var vertx = Vertx.vertx();
    var free = new CountDownLatch(1);
    var slow =
        CompletableFuture.runAsync(
            () -> store.put(KEY, ONE, MINUTE).onSuccess(put -> awaitQuietly(free)));
    var got = new CompletableFuture<Boolean>();
    vertx.runOnContext(
        entered ->
            store.put("code/2", ONE, MINUTE).onComplete(put -> got.complete(put.succeeded())));
    assertThat(got).succeedsWithin(Patience.LONG).isEqualTo(true);
    free.countDown();
    assertThat(slow).succeedsWithin(Patience.LONG);
    done(vertx.close());
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(Patience.SECONDS, Patience.UNIT)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
