package dev.keyturn.store.file;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Fills a file store with sessions, rotates them by many callers at once, and opens it again:
 * {@code bench/store-size}.
 */
final class StoreSize {
  private static final Duration DAY = Duration.ofDays(1);
  private static final int AT_ONCE = 4000;
  private static final int KEY_AND_HEAD = 70;

  private final StoreFolder folder;
  private final int entries;
  private final Buffer value;
  private final List<Long> nanos = Collections.synchronizedList(new ArrayList<>());

  private StoreSize(StoreFolder folder, int entries, int bytes) {
    this.folder = folder;
    this.entries = entries;
    var random = new byte[bytes];
    new Random(1).nextBytes(random);
    this.value = Buffer.buffer(random);
  }

  /** How many entries, the bytes of a value, how many callers, for how many seconds. */
  public static void main(String[] arguments) throws Exception {
    var numbers = List.of(arguments).stream().map(Integer::parseInt).toList();
    var folder = new StoreFolder(Files.createTempDirectory(Path.of("target"), "store-size"));
    var size = new StoreSize(folder, numbers.get(0), numbers.get(1));
    var store = size.open("opened empty");
    size.fill(store);
    size.tell("filled", store);
    size.churn(store, numbers.get(2), numbers.get(3));
    size.tell("churned", store);
    size.rest(Duration.ofSeconds(numbers.get(3)));
    size.tell("left alone", store);
    await(store.close());
    store = size.open("opened again");
    size.tell("as it is", store);
    await(store.close());
  }

  private FileStore open(String what) throws IOException {
    var begin = System.nanoTime();
    var store = FileStore.open(folder, Clock.systemUTC(), 5_000_000, kind -> {});
    System.out.printf("%s in %d ms%n", what, (System.nanoTime() - begin) / 1_000_000);
    return store;
  }

  private void fill(FileStore store) {
    for (int wave = 0; wave < entries; wave += AT_ONCE) {
      var puts = new ArrayList<Future<Void>>();
      for (int i = wave; i < Math.min(entries, wave + AT_ONCE); i++) {
        puts.add(store.put(key(i), value, DAY));
      }
      await(Future.all(puts));
    }
  }

  private void churn(FileStore store, int callers, int seconds) throws InterruptedException {
    var end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
    var threads = new ArrayList<Thread>();
    for (int i = 0; i < callers; i++) {
      threads.add(new Thread(() -> rotateUntil(end, store)));
    }
    threads.forEach(Thread::start);
    for (var thread : threads) {
      thread.join();
    }
    Collections.sort(nanos);
    System.out.printf(
        "%d rotations/s by %d callers, median %.1f ms, 99 %% within %.1f ms%n",
        nanos.size() / seconds, callers, millis(0.5), millis(0.99));
  }

  private void rotateUntil(long end, FileStore store) {
    while (System.nanoTime() < end) {
      var key = key(ThreadLocalRandom.current().nextInt(entries));
      var begin = System.nanoTime();
      var version = await(store.get(key)).orElseThrow().version();
      await(store.replace(key, version, value, DAY));
      nanos.add(System.nanoTime() - begin);
    }
  }

  /** Nobody asks for anything: the file gets smaller, and the disk is left alone. */
  private void rest(Duration time) throws IOException, InterruptedException {
    var half = time.dividedBy(2).toMillis();
    Thread.sleep(half);
    var before = written();
    Thread.sleep(half);
    System.out.printf("written in the last %d ms of rest: %d bytes%n", half, written() - before);
  }

  private static long written() throws IOException {
    try (var lines = Files.lines(Path.of("/proc/self/io"))) {
      return lines
          .filter(line -> line.startsWith("wchar: "))
          .mapToLong(line -> Long.parseLong(line.substring(7)))
          .sum();
    }
  }

  private double millis(double share) {
    return nanos.get((int) (nanos.size() * share)) / 1e6;
  }

  private void tell(String what, FileStore store) throws IOException {
    var file = Files.size(folder.data());
    var live = store.size() * (value.length() + KEY_AND_HEAD);
    System.out.printf(
        "%s: %d entries, %.1f MiB, %.2f x what lives in it, %d bytes an entry%n",
        what, store.size(), file / 1048576.0, (double) file / live, file / store.size());
  }

  private static String key(int i) {
    return "session/" + Integer.toHexString(i * 0x9E3779B1) + "-".repeat(24) + i;
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }
}
