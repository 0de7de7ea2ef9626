package dev.keyturn.bench;

import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;

/**
 * One swap after another, every third of them broken, while clients work: what is good must be
 * taken, what is broken be refused, and nothing be left behind in memory.
 */
public final class SwapsBench implements AutoCloseable {
  /** Of each kind in turn: two good ones, then a broken one. */
  private static final int TURN = 3;

  private static final int PROPAGATION = 2;

  /**
   * Each client logs in once: sessions are kept, and would be taken for what swaps leave behind.
   */
  private static final int STEPS = Integer.MAX_VALUE;

  /** How much more may be reachable at the end than when everything had been used once. */
  private static final double GROWTH = 1.15;

  private final World world = new World(1, PROPAGATION, "", "1m");
  private final Replica replica = world.replicas().get(0);
  private final Tally tally = new Tally();
  private final List<Footprint> footprints = new ArrayList<>();
  private final List<Load> loads = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private int taken;
  private int refused;

  private SwapsBench() {}

  /** Runs it with the options {@code --swaps --clients}. */
  public static void main(String... arguments) {
    var options = Options.of(arguments);
    try (var bench = new SwapsBench()) {
      bench.load(options.number("clients", 2));
      bench.swaps(options.number("swaps", 1000));
      System.exit(bench.end() ? 0 : 1);
    } catch (RuntimeException | AssertionError e) {
      Steps.say("stuck", new JsonObject().put("why", String.valueOf(e.getMessage())));
      System.exit(1);
    }
  }

  private void load(int clients) {
    var verifier = new OutsideVerifier(replica.wire(), replica.url("/.well-known/jwks.json"));
    for (int i = 0; i < clients; i++) {
      var load = new Load(replica, List.of(verifier), tally, STEPS);
      loads.add(load);
      threads.add(new Thread(load, "client " + i));
    }
    threads.forEach(Thread::start);
  }

  private void swaps(int count) {
    var kinds = Kind.values();
    for (int i = 0; i < count; i++) {
      if (i % Math.max(1, count / 10) == 0) {
        look(i);
      }
      var kind = kinds[i / TURN % kinds.length];
      if (i % TURN == TURN - 1) {
        spoil(kind);
      } else {
        renew(kind);
      }
    }
    look(count);
  }

  private void look(int swaps) {
    var now = Footprint.of(replica.pid());
    footprints.add(now);
    Steps.say("after", now.toJson().put("swaps", swaps).put("failed", tally.failures()));
  }

  private void renew(Kind kind) {
    var before = replica.generation();
    world.secrets().renew(kind);
    if (kind == Kind.CLIENT_SECRET) {
      world.register(TURN);
    }
    replica.mounts().swap(kind, world.secrets().content(kind));
    until("taken", kind, () -> replica.generation() == before + 1 && replica.refused().isEmpty());
    taken++;
  }

  /** The next good one of another kind would be refused with it, so the last good one returns. */
  private void spoil(Kind kind) {
    var before = replica.generation();
    var good = world.secrets().content(kind);
    replica.mounts().of(kind).swap(SlowRound.broken(kind, good));
    until("refused", kind, () -> !replica.refused().isEmpty());
    replica.mounts().swap(kind, good);
    until("forgiven", kind, () -> replica.refused().isEmpty());
    if (replica.generation() != before) {
      throw new IllegalStateException("a broken " + kind.wire() + " was taken");
    }
    refused++;
  }

  private boolean end() {
    loads.forEach(Load::end);
    threads.forEach(SwapsBench::join);
    var early = footprints.get(1).heap();
    var late = footprints.get(footprints.size() - 1).heap();
    Steps.say(
        "end",
        tally
            .toJson()
            .put("taken", taken)
            .put("refused", refused)
            .put("live_heap_ratio", Math.round(100.0 * late / early) / 100.0));
    return tally.failures() == 0 && late <= GROWTH * early;
  }

  @Override
  public void close() {
    loads.forEach(Load::end);
    world.close();
  }

  private void until(String what, Kind kind, Callable<Boolean> there) {
    try {
      Patience.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(25)).until(there);
    } catch (ConditionTimeoutException e) {
      var why = kind.wire() + " was not " + what + ", refused: " + replica.refused().encode();
      throw new IllegalStateException(why, e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
