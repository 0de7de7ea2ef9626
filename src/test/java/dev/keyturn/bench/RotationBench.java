package dev.keyturn.bench;

import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Everything is exchanged while clients work: no request may fail, and no token be unverifiable.
 */
public final class RotationBench implements AutoCloseable {
  /** The longest time that a key waits before it signs, in milliseconds and without a pace. */
  private static final long DUE = 6000;

  /**
   * Replicas without a common store agree on keys only while each sees those that sign at another:
   * so there a key waits longer than a swap may go unnoticed.
   */
  private static final String WAITING = ", publish_before_use: %ds";

  /** How far apart replicas see a swap: within the propagation of 2 s, and time to notice it. */
  private static final long SPREAD = 1000;

  /**
   * How long a swap stands. With the spread it stays below the time that a signing key waits, so
   * that replicas without a common store agree that none of these keys has signed.
   */
  private static final long STANDS = 1000;

  /** As many secrets as a replica may lag behind when they change every second. */
  private static final int OVERLAP = 12;

  private static final int WARM = 20;

  /** Between two logins of a client. */
  private static final int STEPS = 20;

  private final World world;
  private final int pace;
  private final Tally tally = new Tally();
  private final List<Load> loads = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<OutsideVerifier> verifiers;

  private RotationBench(World world, int pace, int clients) {
    this.world = world;
    this.pace = pace;
    verifiers =
        world.replicas().stream()
            .map(one -> new OutsideVerifier(one.wire(), one.url("/.well-known/jwks.json")))
            .toList();
    for (int i = 0; i < clients; i++) {
      var replica = world.replicas().get(i % world.replicas().size());
      var load = new Load(replica, othersThan(replica), tally, STEPS);
      loads.add(load);
      threads.add(new Thread(load, "client " + i));
    }
    threads.forEach(Thread::start);
  }

  /** Runs it with the options {@code --processes --seconds --clients --slow-rounds --pace}. */
  public static void main(String... arguments) {
    var options = Options.of(arguments);
    var failures = 0;
    var processes = options.number("processes", 0);
    for (var count : processes == 0 ? List.of(1, 3) : List.of(processes)) {
      failures += run(count, options);
    }
    System.exit(failures == 0 ? 0 : 1);
  }

  private static int run(int processes, Options options) {
    var pace = options.number("pace", 1);
    try (var world = new World(processes, 2 * pace, waiting(processes, pace), pace + "m")) {
      try (var bench = new RotationBench(world, pace, options.number("clients", 6))) {
        Steps.say("started", new JsonObject().put("processes", processes));
        bench.warm();
        bench.fast(options.number("seconds", 10));
        bench.slow(options.number("slow-rounds", 1));
        return bench.end();
      } catch (RuntimeException | AssertionError e) {
        Steps.say("stuck", new JsonObject().put("why", String.valueOf(e.getMessage())));
        return 1;
      }
    }
  }

  private static String waiting(int processes, int pace) {
    return processes == 1 ? "" : WAITING.formatted(DUE * pace / 1000);
  }

  private List<OutsideVerifier> othersThan(Replica replica) {
    return verifiers.size() == 1
        ? verifiers
        : verifiers.stream()
            .filter(one -> verifiers.indexOf(one) != world.replicas().indexOf(replica))
            .toList();
  }

  /** A JVM that has just started compiles while it serves: that is not what is shown here. */
  private void warm() {
    Patience.await().until(() -> tally.successes() >= WARM * loads.size());
    Steps.say("warm", tally.toJson());
  }

  private void fast(int seconds) {
    var begin = System.nanoTime();
    for (int i = 1; i <= seconds; i++) {
      for (var kind : Kind.values()) {
        world.secrets().renew(kind);
      }
      world.register(OVERLAP);
      world.replicas().forEach(replica -> new Thread(() -> swapAll(replica), "mounts").start());
      SlowRound.pause(Math.max(1, i * STANDS * pace - (System.nanoTime() - begin) / 1_000_000));
    }
    Steps.say("fast", tally.toJson().put("swaps", seconds * Kind.values().length));
    world.register(OVERLAP);
  }

  private void swapAll(Replica replica) {
    if (world.replicas().size() > 1) {
      SlowRound.pause(ThreadLocalRandom.current().nextLong(SPREAD * pace));
    }
    synchronized (replica) {
      for (var kind : Kind.values()) {
        replica.mounts().swap(kind, world.secrets().content(kind));
      }
    }
  }

  private void slow(int rounds) {
    // The last of the fast swaps becomes due first.
    SlowRound.pause(2 * DUE * pace);
    var round = new SlowRound(world, SPREAD * pace);
    for (int i = 0; i < rounds; i++) {
      round.run();
    }
    Steps.say("slow", round.report());
  }

  private int end() {
    loads.forEach(Load::end);
    threads.forEach(RotationBench::join);
    var used = verifiers.stream().mapToInt(OutsideVerifier::keysUsed).max().orElse(0);
    Steps.say(
        "end", tally.toJson().put("requests", tally.successes()).put("signing_keys_used", used));
    return tally.failures();
  }

  @Override
  public void close() {
    loads.forEach(Load::end);
    Steps.say("closed", tally.toJson());
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
