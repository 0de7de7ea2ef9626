package dev.keyturn.store.file;

import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** A process that has a store open, and works with it until it is killed. */
final class StoreChild {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int WORKERS = 16;

  /** Ends each line that it says. */
  static final String STOP = " .";

  private final FileStore store;

  private StoreChild(FileStore store) {
    this.store = store;
  }

  /** The command that starts one on the store of {@code folder}. */
  static List<String> command(Path folder, String task) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        StoreChild.class.getName(),
        folder.toString(),
        task);
  }

  /**
   * What it is given: the folder, and {@code hold} or the number of this run, with which its keys
   * begin.
   */
  public static void main(String[] arguments) throws Exception {
    var folder = new StoreFolder(Path.of(arguments[0]));
    var child =
        new StoreChild(FileStore.open(folder, Clock.systemUTC(), 1_000_000, kind -> say("D")));
    say("open");
    for (int worker = 0; worker < WORKERS && !arguments[1].equals("hold"); worker++) {
      var name = arguments[1] + "/" + worker;
      new Thread(() -> child.work(name)).start();
    }
    Thread.currentThread().join();
  }

  /** Says what it is about to take, and what has been acknowledged. */
  private void work(String name) {
    for (int i = 0; true; i++) {
      var key = name + "/" + i;
      await(store.put(key, Buffer.buffer(key + "x".repeat(200)), HOUR));
      say("put " + key);
      if (i % 3 == 0) {
        say("taking " + key);
        await(store.take(key));
        say("taken " + key);
      }
      say("counted " + name + " " + await(store.count("n/" + name, HOUR)));
    }
  }

  private static <T> T await(io.vertx.core.Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /** The stop at the end tells a whole line from one that was cut off. */
  private static void say(String line) {
    synchronized (System.out) {
      System.out.println(line + STOP);
      System.out.flush();
    }
  }
}
