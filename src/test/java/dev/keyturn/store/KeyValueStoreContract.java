package dev.keyturn.store;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What every backend must do; a backend's test implements this and says how to make a store. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
public interface KeyValueStoreContract {
  String KEY = "code/1";
  Duration MINUTE = Duration.ofMinutes(1);
  Buffer ONE = Buffer.buffer("one");
  Buffer TWO = Buffer.buffer("two");
  int CALLERS = 8;
  int ROUNDS = 200;
  int MANY = 100_000;
  int AT_ONCE = 5_000;

  /** The store of this test, empty at first; the same one at every call. */
  KeyValueStore store();

  /** Lets time pass by the clock of that store. */
  void forward(Duration time);

  /** The shortest time that this test can tell from none. */
  default Duration moment() {
    return Duration.ofMillis(1);
  }

  @Test
  default void an_unknown_key_has_no_value() {
    assertThat(done(store().get(KEY))).isEmpty();
  }

  @Test
  default void what_was_put_is_got() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void put_writes_over_what_was_there() {
    done(store().put(KEY, ONE, MINUTE));
    done(store().put(KEY, TWO, MINUTE));
    assertThat(value()).isEqualTo(TWO);
  }

  @Test
  default void put_starts_the_time_to_live_anew() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE.minusSeconds(1));
    done(store().put(KEY, ONE, MINUTE));
    forward(Duration.ofSeconds(2));
    assertThat(done(store().get(KEY))).isPresent();
  }

  @Test
  default void keys_do_not_meet() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().get("code/2"))).isEmpty();
  }

  @Test
  default void values_are_bytes() {
    var bytes = Buffer.buffer(new byte[] {0, -1, 10, 13, 0});
    done(store().put(KEY, bytes, MINUTE));
    assertThat(value()).isEqualTo(bytes);
  }

  @Test
  default void an_empty_value_is_a_value() {
    done(store().put(KEY, Buffer.buffer(), MINUTE));
    assertThat(value().length()).isZero();
  }

  @Test
  default void what_a_caller_does_to_its_buffer_later_changes_nothing() {
    var mine = Buffer.buffer("one");
    done(store().put(KEY, mine, MINUTE));
    mine.appendString("!");
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void what_a_reader_does_to_its_buffer_changes_nothing() {
    done(store().put(KEY, ONE, MINUTE));
    value().appendString("!").setByte(0, (byte) 'x');
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void an_entry_lives_until_just_before_its_time() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE.minus(moment()));
    assertThat(done(store().get(KEY))).isPresent();
  }

  @Test
  default void an_entry_dies_on_its_own() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE);
    assertThat(done(store().get(KEY))).isEmpty();
  }

  @Test
  default void a_dead_entry_is_not_taken() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE);
    assertThat(done(store().take(KEY))).isEmpty();
  }

  @Test
  default void a_dead_entry_is_not_replaced() {
    done(store().put(KEY, ONE, MINUTE));
    var version = version();
    forward(MINUTE);
    assertThat(done(store().replace(KEY, version, TWO, MINUTE))).isFalse();
  }

  @Test
  default void a_dead_entry_is_not_deleted() {
    done(store().put(KEY, ONE, MINUTE));
    var version = version();
    forward(MINUTE);
    assertThat(done(store().delete(KEY, version))).isFalse();
  }

  @Test
  default void put_if_absent_writes_what_is_absent() {
    assertThat(done(store().putIfAbsent(KEY, ONE, MINUTE))).isTrue();
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void put_if_absent_does_not_write_over() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().putIfAbsent(KEY, TWO, MINUTE))).isFalse();
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void put_if_absent_does_not_prolong_what_is_there() {
    done(store().put(KEY, ONE, MINUTE));
    done(store().putIfAbsent(KEY, TWO, MINUTE.multipliedBy(5)));
    forward(MINUTE);
    assertThat(done(store().get(KEY))).isEmpty();
  }

  @Test
  default void put_if_absent_writes_over_the_dead() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE);
    assertThat(done(store().putIfAbsent(KEY, TWO, MINUTE))).isTrue();
  }

  @Test
  default void of_concurrent_writers_of_what_is_absent_one_writes() {
    for (int round = 0; round < ROUNDS; round++) {
      var key = "race/" + round;
      assertThat(atOnce(() -> store().putIfAbsent(key, ONE, MINUTE))).containsOnlyOnce(true);
    }
  }

  @Test
  default void an_entry_is_taken_once() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().take(KEY))).contains(ONE);
    assertThat(done(store().take(KEY))).isEmpty();
  }

  @Test
  default void of_concurrent_takers_one_is_given_the_value() {
    for (int round = 0; round < ROUNDS; round++) {
      done(store().put(KEY, ONE, MINUTE));
      assertThat(atOnce(() -> store().take(KEY))).filteredOn(o -> o.isPresent()).hasSize(1);
    }
  }

  @Test
  default void a_replacement_finds_its_version() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().replace(KEY, version(), TWO, MINUTE))).isTrue();
    assertThat(value()).isEqualTo(TWO);
  }

  @Test
  default void a_replacement_of_an_older_version_writes_nothing() {
    done(store().put(KEY, ONE, MINUTE));
    var old = version();
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().replace(KEY, old, TWO, MINUTE))).isFalse();
    assertThat(value()).isEqualTo(ONE);
  }

  @Test
  default void a_replacement_makes_no_entry() {
    assertThat(done(store().replace(KEY, 1, ONE, MINUTE))).isFalse();
    assertThat(done(store().get(KEY))).isEmpty();
  }

  @Test
  default void a_replacement_starts_the_time_to_live_anew() {
    done(store().put(KEY, ONE, MINUTE));
    forward(MINUTE.minusSeconds(1));
    done(store().replace(KEY, version(), TWO, MINUTE));
    forward(Duration.ofSeconds(2));
    assertThat(done(store().get(KEY))).isPresent();
  }

  @Test
  default void a_version_is_not_used_twice_for_a_key() {
    done(store().put(KEY, ONE, MINUTE));
    var old = version();
    done(store().take(KEY));
    done(store().put(KEY, ONE, MINUTE));
    assertThat(version()).isNotEqualTo(old);
  }

  @Test
  default void of_concurrent_replacements_of_one_version_one_writes() {
    for (int round = 0; round < ROUNDS; round++) {
      done(store().put(KEY, ONE, MINUTE));
      var version = version();
      assertThat(atOnce(() -> store().replace(KEY, version, TWO, MINUTE))).containsOnlyOnce(true);
    }
  }

  @Test
  default void a_version_is_deleted() {
    done(store().put(KEY, ONE, MINUTE));
    assertThat(done(store().delete(KEY, version()))).isTrue();
    assertThat(done(store().get(KEY))).isEmpty();
  }

  @Test
  default void an_older_version_deletes_nothing() {
    done(store().put(KEY, ONE, MINUTE));
    var old = version();
    done(store().put(KEY, TWO, MINUTE));
    assertThat(done(store().delete(KEY, old))).isFalse();
    assertThat(value()).isEqualTo(TWO);
  }

  @Test
  default void a_count_starts_at_one_and_goes_up_by_one() {
    assertThat(List.of(count(), count(), count())).containsExactly(1L, 2L, 3L);
  }

  @Test
  default void the_first_count_alone_starts_the_time_to_live() {
    count();
    forward(MINUTE.minusSeconds(1));
    count();
    forward(Duration.ofSeconds(1));
    assertThat(count()).isEqualTo(1);
  }

  @Test
  default void concurrent_counts_are_all_counted() {
    var sums = new ArrayList<Long>();
    for (int round = 0; round < ROUNDS; round++) {
      sums.addAll(atOnce(() -> store().count(KEY, MINUTE)));
    }
    assertThat(sums).doesNotHaveDuplicates().contains((long) CALLERS * ROUNDS);
  }

  @Test
  default void every_change_brings_another_version() {
    var versions = new ArrayList<Long>();
    for (int i = 0; i < 50; i++) {
      done(store().put(KEY, ONE, MINUTE));
      versions.add(version());
      done(store().replace(KEY, version(), TWO, MINUTE));
      versions.add(version());
      done(store().delete(KEY, version()));
    }
    assertThat(versions).doesNotHaveDuplicates();
  }

  @Test
  default void what_was_read_is_what_a_concurrent_writer_wrote_whole() {
    var values = List.of(Buffer.buffer("a".repeat(900)), Buffer.buffer("b".repeat(900)));
    done(store().put(KEY, values.get(0), MINUTE));
    for (int round = 0; round < ROUNDS; round++) {
      var writing = store().put(KEY, values.get(round % 2), MINUTE);
      assertThat(values).contains(value());
      done(writing);
      assertThat(value()).isEqualTo(values.get(round % 2));
    }
  }

  @Test
  default void it_keeps_a_hundred_thousand_entries() {
    inWaves(i -> store().put("many/" + i, number(i), MINUTE));
    inWaves(
        i ->
            store()
                .get("many/" + i)
                .onSuccess(found -> assertThat(found.orElseThrow().value()).isEqualTo(number(i))));
  }

  private static Buffer number(int i) {
    return Buffer.buffer().appendInt(i).appendString("x".repeat(i % 500));
  }

  private static void inWaves(IntFunction<Future<?>> call) {
    for (int wave = 0; wave < MANY; wave += AT_ONCE) {
      var calls = new ArrayList<Future<?>>();
      for (int i = wave; i < wave + AT_ONCE; i++) {
        calls.add(call.apply(i));
      }
      done(Future.all(calls));
    }
  }

  private Buffer value() {
    return done(store().get(KEY)).orElseThrow().value();
  }

  private long version() {
    return done(store().get(KEY)).orElseThrow().version();
  }

  private long count() {
    return done(store().count(KEY, MINUTE));
  }

  private static <T> List<T> atOnce(Supplier<Future<T>> call) {
    var threads = Executors.newFixedThreadPool(CALLERS);
    try {
      return race(threads, call);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdownNow();
    }
  }

  private static <T> List<T> race(ExecutorService threads, Supplier<Future<T>> call)
      throws InterruptedException, ExecutionException, TimeoutException {
    var start = new CyclicBarrier(CALLERS);
    Callable<T> caller =
        () -> {
          start.await(Patience.SECONDS, Patience.UNIT);
          return done(call.get());
        };
    var running = new ArrayList<java.util.concurrent.Future<T>>();
    for (int i = 0; i < CALLERS; i++) {
      running.add(threads.submit(caller));
    }
    var results = new ArrayList<T>();
    for (var one : running) {
      results.add(one.get(Patience.SECONDS, Patience.UNIT));
    }
    return results;
  }
}
