package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
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

  @Test
  void looks_at_nothing_before_it_is_opened() {
    var queue = queue(key -> Look.DONE);
    queue.add(ONE);
    assertThat(looked).isEmpty();
    queue.open();
    await().until(() -> looked.equals(List.of(ONE)));
  }

  @Test
  void holds_a_resource_once_however_much_happens_to_it() {
    var queue = queue(key -> Look.DONE);
    for (int i = 0; i < 1_000; i++) {
      queue.add(ONE);
    }
    assertThat(queue.length()).isOne();
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
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              atOnce.decrementAndGet();
              return Look.DONE;
            });
    queue.open();
    queue.add(ONE);
    begun.await();
    queue.add(ONE);
    queue.add(ONE);
    go.countDown();
    await().until(() -> looked.size() == 2 && queue.length() == 0);
    assertThat(most).hasValue(1);
  }

  @Test
  void tries_a_failure_again() {
    var queue =
        queue(
            key -> {
              if (looked.size() < 2) {
                throw new ApiException(500, "away");
              }
              return Look.DONE;
            });
    queue.open();
    queue.add(ONE);
    await().until(() -> looked.size() == 2);
  }

  @Test
  void goes_on_to_others_that_are_named() {
    var queue =
        queue(key -> key.equals(ONE) ? new Look(false, Optional.empty(), Set.of(TWO)) : Look.DONE);
    queue.open();
    queue.add(ONE);
    await().until(() -> looked.equals(List.of(ONE, TWO)));
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
  }
}
