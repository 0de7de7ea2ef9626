package dev.keyturn.bench;

import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/**
 * A thousand clients with bad luck at a server that is killed and stopped for the first part of the
 * time, and left alone for the rest, in which its memory is looked at.
 */
public final class SoakBench implements AutoCloseable {
  private static final int THREADS = 24;
  private static final int RECORDS = 40;
  private static final int RESTARTS = 4;
  private static final int LOOKS = 30;
  private static final double RESTLESS = 0.4;

  private final SoakTally tally = new SoakTally();
  private final SoakGraves graves = new SoakGraves();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
  private final ExecutorService others = Executors.newFixedThreadPool(4 * THREADS);
  private final List<Footprint> footprints = new ArrayList<>();
  private final List<SoakClient> clients = new ArrayList<>();
  private final SoakWorld world;
  private final Duration time;
  private final Duration pace;
  private volatile boolean ends;

  private SoakBench(SoakWorld world, Duration time, int rate) {
    this.world = world;
    this.time = time;
    this.pace = Duration.ofSeconds(world.people().size()).dividedBy(rate);
    var records =
        IntStream.range(0, RECORDS)
            .mapToObj(record -> SoakReach.registered(world.servers(), record, tally))
            .toList();
    for (int i = 0; i < world.people().size(); i++) {
      var person = world.people().get(i);
      clients.add(new SoakClient(records.get(i % RECORDS), person, graves, others));
    }
  }

  /**
   * Runs it with the options {@code --minutes --clients --rate --storage --plant}.
   *
   * <p>A {@code --plant} breaks something on purpose, and the run must fail: {@code forget} loses
   * the store, {@code restore} brings an old one back.
   */
  public static void main(String... arguments) {
    var options = Options.of(arguments);
    System.exit(isFine(options) ? 0 : 1);
  }

  private static boolean isFine(Options options) {
    try (var world =
            new SoakWorld(options.number("clients", 1000), options.text("storage", "file"));
        var bench =
            new SoakBench(
                world,
                Duration.ofMinutes(options.number("minutes", 30)),
                options.number("rate", 80))) {
      bench.run(options.text("plant", ""));
      return bench.end();
    } catch (RuntimeException | AssertionError e) {
      Steps.say("stuck", new JsonObject().put("why", String.valueOf(e)));
      return false;
    }
  }

  private void run(String plant) {
    var logins = clients.stream().map(client -> threads.submit(client::arrive)).toList();
    logins.forEach(SoakBench::await);
    Steps.say("logged in", tally.toJson());
    var begin = System.nanoTime();
    clients.forEach(this::pauseAndGoOn);
    restarts(begin, plant);
    looks(begin);
  }

  /** Each does one thing after another, with a pause of its own between them. */
  private void goOn(SoakClient client) {
    if (ends) {
      return;
    }
    client.act();
    pauseAndGoOn(client);
  }

  /** Those who are not answered wait as long as all others, or they would keep the server down. */
  private void pauseAndGoOn(SoakClient client) {
    var pause = ThreadLocalRandom.current().nextLong(2 * pace.toMillis());
    var unused = threads.schedule(() -> goOn(client), pause, TimeUnit.MILLISECONDS);
  }

  private void restarts(long begin, String plant) {
    var restless = Duration.ofMillis((long) (time.toMillis() * RESTLESS));
    var count = Math.max(RESTARTS, (int) time.toMinutes());
    for (int i = 0; i < count; i++) {
      sleepUntil(begin + restless.multipliedBy(i + 1).dividedBy(count).toNanos());
      var server = world.servers().get(i % world.servers().size());
      end(server, i);
      world.plant(plant, count - i);
      server.start();
    }
    graves.visitAll();
    Steps.say("restarted", tally.toJson());
  }

  private void end(SoakServer server, int turn) {
    if (turn / 2 % 2 == 0) {
      server.kill();
      tally.count(SoakEvent.KILLED);
    } else {
      server.stop();
      tally.count(SoakEvent.STOPPED);
    }
  }

  private void looks(long begin) {
    var from = System.nanoTime();
    var least = (long) (time.toNanos() * (1 - RESTLESS)); // However long the restarts took.
    var left = Duration.ofNanos(Math.max(least, begin + time.toNanos() - from));
    for (int i = 1; i <= LOOKS; i++) {
      sleepUntil(from + left.multipliedBy(i).dividedBy(LOOKS).toNanos());
      var now = Footprint.of(world.servers().get(0).pid());
      footprints.add(now);
      if (i % 5 == 0) {
        Steps.say("after", now.toJson().put("refreshed", tally.of(SoakEvent.REFRESHED)));
      }
    }
  }

  /** Everybody is still logged in, and whoever was robbed is not. */
  private boolean end() {
    stop();
    var last = clients.stream().map(client -> others.submit(client::finish)).toList();
    last.forEach(SoakBench::await);
    graves.visitAll();
    var memory = new SoakMemory(footprints);
    var complaints = SoakVerdict.complaints(tally, memory);
    Steps.say(
        "end",
        tally
            .toJson()
            .put("clients", clients.size())
            .put("ended_by_reuse", graves.size())
            .put("seconds", time.toSeconds())
            .mergeIn(memory.toJson())
            .put("complaints", new JsonArray(complaints)));
    return complaints.isEmpty();
  }

  private void stop() {
    ends = true;
    threads.shutdown();
    try {
      if (!threads.awaitTermination(Patience.SECONDS, Patience.UNIT)) {
        throw new IllegalStateException("clients did not come to an end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void await(Future<?> task) {
    try {
      task.get(Patience.SECONDS, Patience.UNIT);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    ends = true;
    threads.shutdownNow();
    others.shutdownNow();
  }

  private static void sleepUntil(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos - System.nanoTime());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
