package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WorkQueueTest {
  private static final Key ONE = Key.config("default", "one");
  private static final Key TWO = Key.config("default", "two");

  private final List<Key> looked = new CopyOnWriteArrayList<>();
  private final List<WorkQueue> queues = new ArrayList<>();

  @AfterEach
  void close() {
    queues.forEach(WorkQueue::close);
  }

  private WorkQueue queue(Function<Key, Look> looking) {
    var queue =
        new WorkQueue(
            2,
            key -> {
              looked.add(key);
              return looking.apply(key);
            });
    queues.add(queue);
    return queue;
  }

  /** Never without end: a look that does not come fails a test instead of holding up all. */
  private static void reached(CountDownLatch moment) throws InterruptedException {
    assertThat(moment.await(Patience.SECONDS, Patience.UNIT)).isTrue();
  }

  /** Waits until nothing waits and nothing is under way. */
  private static void settled(WorkQueue queue) {
    await().until(() -> queue.length() == 0);
  }

  @Test
  void looks_at_nothing_before_it_is_opened() {
    var queue = queue(key -> Look.DONE);
    queue.add(ONE);
    queue.addWithin(TWO, Duration.ZERO);
    await().until(() -> queue.length() == 2);
    assertThat(looked).isEmpty();
    queue.open();
    settled(queue);
    assertThat(looked).containsExactlyInAnyOrder(ONE, TWO);
  }

  @Test
  void holds_a_resource_once_however_much_happens_to_it() {
    var queue = queue(key -> Look.DONE);
    for (int i = 0; i < 1_000; i++) {
      queue.add(ONE);
    }
    assertThat(queue.length()).isOne();
    queue.open();
    settled(queue);
    assertThat(looked).containsExactly(ONE);
  }

  @Test
  void looks_once_more_when_something_happens_meanwhile_and_never_at_once() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    var atOnce = new AtomicInteger();
    var most = new AtomicInteger();
    var queue =
        queue(
            key -> {
              most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
              begun.countDown();
              try {
                reached(go);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              atOnce.decrementAndGet();
              return Look.DONE;
            });
    queue.open();
    queue.add(ONE);
    reached(begun);
    queue.add(ONE);
    queue.add(ONE);
    go.countDown();
    settled(queue);
    assertThat(looked).containsExactly(ONE, ONE);
    assertThat(most).hasValue(1);
  }

  private void isTriedAgain(Supplier<Look> failing) {
    var queue = queue(key -> looked.size() < 2 ? failing.get() : Look.DONE);
    queue.open();
    queue.add(ONE);
    await().until(() -> looked.size() == 2);
    settled(queue);
    assertThat(looked).containsExactly(ONE, ONE);
  }

  @Test
  void tries_a_failure_again() {
    isTriedAgain(
        () -> {
          throw new ApiException(500, "away");
        });
  }

  @Test
  void tries_what_exhausts_the_stack_again() {
    isTriedAgain(
        () -> {
          throw new StackOverflowError();
        });
  }

  @Test
  void an_error_at_one_resource_keeps_no_other_waiting() {
    var queue =
        queue(
            key -> {
              if (key.equals(ONE)) {
                throw new AssertionError("of this resource");
              }
              return Look.DONE;
            });
    queue.open();
    queue.add(ONE);
    queue.add(TWO);
    await().until(() -> looked.contains(TWO));
    assertThat(looked).contains(ONE);
  }

  @Test
  void goes_on_to_others_that_are_named() {
    var queue =
        queue(key -> key.equals(ONE) ? new Look(false, Optional.empty(), Set.of(TWO)) : Look.DONE);
    queue.open();
    queue.add(ONE);
    settled(queue);
    assertThat(looked).containsExactly(ONE, TWO);
  }

  @Test
  void looks_again_when_it_was_asked_to() {
    var queue =
        queue(
            key ->
                looked.size() < 2
                    ? new Look(false, Optional.of(Duration.ofMillis(1)), Set.of())
                    : Look.DONE);
    queue.open();
    queue.add(ONE);
    await().until(() -> looked.size() == 2);
    settled(queue);
    assertThat(looked).containsExactly(ONE, ONE);
  }

  @Test
  void looks_at_nothing_more_when_it_is_closed() {
    var queue = queue(key -> Look.DONE);
    queue.open();
    queue.close();
    queue.add(ONE);
    queue.addWithin(TWO, Duration.ZERO);
    assertThat(looked).isEmpty();
  }
}
