package dev.keyturn.bench;

import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Three processes before a provider that takes each refresh token once, killed at each step of a
 * refresh in turn, while clients call tools with its tokens.
 */
public final class RefreshKillBench implements AutoCloseable {
  private static final int THREADS = 12;
  private static final int EVERY = 24;

  private final Tally tally = new Tally();
  private final Tally kills = new Tally();
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
  private final ExecutorService others = Executors.newCachedThreadPool();
  private final KillWorld world;
  private final List<KillClient> clients;
  private final long pause;
  private volatile boolean ends;

  private RefreshKillBench(KillWorld world, int people, int rate) {
    this.world = world;
    this.pause = TimeUnit.SECONDS.toMillis(people) / rate;
    var registered = KillClient.registered(world);
    this.clients =
        IntStream.range(0, people)
            .mapToObj(i -> new KillClient(world, registered, "p-" + i, tally, others))
            .toList();
  }

  /**
   * Runs it with the options {@code --kills --people --rate --plant}.
   *
   * <p>A {@code --plant} breaks something on purpose, and the run must fail: {@code fence} gives
   * everybody the lease and lets everybody write, {@code rotates} says that refresh tokens may be
   * redeemed again, {@code silent} ends logins for no reason that is told.
   */
  public static void main(String... arguments) {
    var options = Options.of(arguments);
    System.exit(isFine(options) ? 0 : 1);
  }

  private static boolean isFine(Options options) {
    try (var world = new KillWorld(options.text("plant", ""));
        var bench =
            new RefreshKillBench(world, options.number("people", 40), options.number("rate", 40))) {
      bench.run(options.number("kills", 96));
      return bench.end(options.number("kills", 96));
    } catch (RuntimeException | AssertionError e) {
      Steps.say("stuck", new JsonObject().put("why", String.valueOf(e)));
      return false;
    }
  }

  private void run(int count) {
    clients.forEach(this::pauseAndGoOn);
    Patience.await().until(() -> Boolean.TRUE.equals(logins() >= clients.size()));
    Steps.say("logged in", tally.toJson());
    for (int i = 0; i < count; i++) {
      kill(i % KillWorld.PROCESSES, KillStep.after(i));
      if ((i + 1) % EVERY == 0) {
        Steps.say("killed", kills.toJson().mergeIn(tally.toJson()));
      }
    }
  }

  private int logins() {
    return tally.toJson().getInteger("logged_in", 0);
  }

  private void kill(int process, KillStep step) {
    var server = world.servers().get(process);
    var order = world.order().give(process, step, server::kill);
    var met = KillOrder.await(order, Patience.LONG.toMillis());
    if (met.isEmpty() && world.order().takeBack()) {
      tally.bad("a step was never reached", step.wire());
      return;
    }
    order.join();
    kills.good(step.wire());
    world.bringBack(process);
  }

  private void goOn(KillClient client) {
    if (!ends) {
      var unused = client.act();
      pauseAndGoOn(client);
    }
  }

  private void pauseAndGoOn(KillClient client) {
    var time = ThreadLocalRandom.current().nextLong(2 * pause);
    var unused = threads.schedule(() -> goOn(client), time, TimeUnit.MILLISECONDS);
  }

  /** All is well again, so everybody must be served; whoever lost the login begins anew. */
  private boolean end(int count) {
    world.provider().recover();
    stop();
    for (var client : clients) {
      Patience.await().until(client::act);
    }
    var complaints = complaints(count);
    Steps.say(
        "end",
        tally
            .toJson()
            .put("kills", kills.toJson())
            .put("refresh_tokens_redeemed", world.grants().redemptions())
            .put("redeemed_twice", world.grants().twice())
            .put("complaints", new JsonArray(complaints)));
    return complaints.isEmpty();
  }

  private List<String> complaints(int count) {
    var all = new ArrayList<String>();
    if (world.grants().twice() > 0) {
      all.add("refresh tokens were redeemed twice: " + world.grants().twice());
    }
    if (tally.failures() > 0) {
      all.add("what must not happen did: " + tally.failures());
    }
    if (kills.successes() < count) {
      all.add("only " + kills.successes() + " of " + count + " kills took place");
    }
    return all;
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

  @Override
  public void close() {
    ends = true;
    threads.shutdownNow();
    others.shutdownNow();
  }
}
