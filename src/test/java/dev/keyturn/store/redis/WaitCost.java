package dev.keyturn.store.redis;

import dev.keyturn.given.RedisLab;
import dev.keyturn.store.redis.RedisConfig.Waiting;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What it costs to wait for a replica: rotations with {@code wait_replicas} 0 and 1 in turn, at one
 * master with one replica. {@code bench/redis-wait}.
 */
final class WaitCost {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Buffer VALUE = Buffer.buffer(new byte[600]);
  private static final int[] CALLERS = {1, 16, 64};

  private final RedisStore store;
  private final List<Double> rates = new ArrayList<>();
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  private WaitCost(Vertx vertx, RedisLab lab, Waiting waiting) {
    this.store = GivenRedis.store(vertx, GivenRedis.standalone(lab), waiting);
  }

  /** How many rounds, and for how many seconds each. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var rounds = Integer.parseInt(arguments[0]);
    var seconds = Integer.parseInt(arguments[1]);
    var vertx = Vertx.vertx();
    try (var lab = RedisLab.replicated(Files.createTempDirectory("redis-wait"), 1)) {
      for (var callers : CALLERS) {
        var nobody = new WaitCost(vertx, lab, GivenRedis.FOR_NOBODY);
        var one = new WaitCost(vertx, lab, GivenRedis.FOR_ONE);
        for (int round = -1; round < rounds; round++) {
          nobody.run(callers, seconds, round < 0);
          one.run(callers, seconds, round < 0);
        }
        tell(callers, nobody, one);
      }
    } finally {
      await(vertx.close());
    }
  }

  private static void tell(int callers, WaitCost nobody, WaitCost one) {
    System.out.printf(
        "%d callers: %.0f and %.0f rotations/s, ratio %.2f; median %.2f and %.2f ms, ratio %.2f;"
            + " 99 %% within %.1f and %.1f ms%n",
        callers,
        nobody.rate(),
        one.rate(),
        one.rate() / nobody.rate(),
        nobody.millis(0.5),
        one.millis(0.5),
        one.millis(0.5) / nobody.millis(0.5),
        nobody.millis(0.99),
        one.millis(0.99));
  }

  /**
   * @param warming whether it does not count
   */
  private void run(int callers, int seconds, boolean warming) throws InterruptedException {
    var before = nanos.size();
    var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      var key = "session/" + i;
      threads.add(new Thread(() -> rotateUntil(end, key)));
    }
    threads.forEach(Thread::start);
    for (var thread : threads) {
      thread.join();
    }
    if (warming) {
      nanos.clear();
    } else {
      rates.add((nanos.size() - before) / (double) seconds);
    }
  }

  private void rotateUntil(long end, String key) {
    await(store.put(key, VALUE, HOUR));
    while (System.nanoTime() < end) {
      var begin = System.nanoTime();
      var version = await(store.get(key)).orElseThrow().version();
      if (!await(store.replace(key, version, VALUE, HOUR))) {
        throw new IllegalStateException("somebody else has rotated " + key);
      }
      nanos.add(System.nanoTime() - begin);
    }
  }

  private double rate() {
    return rates.stream().sorted().skip(rates.size() / 2).findFirst().orElseThrow();
  }

  private double millis(double share) {
    synchronized (nanos) {
      var sorted = nanos.stream().sorted().toList();
      return sorted.get((int) (sorted.size() * share)) / 1e6;
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
