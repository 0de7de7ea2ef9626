package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.given.Patience;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;

/** Swaps that wait until they are in force, or refused. */
final class SlowRound {
  private final World world;
  private final long spread;
  private final Map<String, List<Duration>> times = new LinkedHashMap<>();

  /**
   * @param spread how far apart in time replicas see a swap, in milliseconds
   */
  SlowRound(World world, long spread) {
    this.world = world;
    this.spread = spread;
  }

  void run() {
    for (var kind : Kind.values()) {
      swap(kind);
      spoil(kind);
    }
  }

  JsonObject report() {
    var json = new JsonObject();
    times.forEach((what, list) -> json.put(what, Steps.spread(list)));
    return json;
  }

  private void swap(Kind kind) {
    world.secrets().renew(kind);
    if (kind == Kind.CLIENT_SECRET) {
      world.register(2);
    }
    everywhere(
        replica -> {
          var before = kind.hasLife() ? replica.signer(kind) : java.util.Optional.<String>empty();
          replica.mounts().swap(kind, world.secrets().content(kind));
          measure(kind.wire(), () -> isInForce(kind, replica, before));
        });
    if (kind == Kind.CLIENT_SECRET) {
      world.register(1);
    }
  }

  private boolean isInForce(Kind kind, Replica replica, java.util.Optional<String> before) {
    return switch (kind) {
      case SIGNING, HMAC, VAULT ->
          replica.signer(kind).filter(now -> !before.get().equals(now)).isPresent();
      case CLIENT_SECRET -> world.hasShownNewest(replica);
      case CERTIFICATE -> replica.certificate().equals(world.secrets().servedNow().certificate());
      case CONFIGURATION ->
          replica
              .wire()
              .get(replica.url("/.well-known/openid-configuration"))
              .body()
              .contains("number:" + world.secrets().number());
    };
  }

  private void spoil(Kind kind) {
    everywhere(
        replica -> {
          replica.mounts().of(kind).swap(broken(kind));
          measure(kind.wire() + "-refused", () -> !replica.refused().isEmpty());
          replica.mounts().swap(kind, world.secrets().content(kind));
          until(() -> replica.refused().isEmpty());
        });
  }

  /** Half of the newest file, or what is no good in another way. */
  private Map<String, byte[]> broken(Kind kind) {
    return broken(kind, world.secrets().content(kind));
  }

  static Map<String, byte[]> broken(Kind kind, Map<String, byte[]> good) {
    var content = new TreeMap<>(good);
    switch (kind) {
      case CONFIGURATION -> {
        return Map.of("keyturn.yaml", "issuer: [".getBytes(UTF_8));
      }
      case HMAC -> content.put("hmac", new byte[31]);
      case CLIENT_SECRET -> content.put("secret", new byte[0]);
      default -> content.replaceAll((name, file) -> java.util.Arrays.copyOf(file, file.length / 2));
    }
    return content;
  }

  private void everywhere(java.util.function.Consumer<Replica> task) {
    var all = new ArrayList<CompletableFuture<Void>>();
    for (var replica : world.replicas()) {
      all.add(
          CompletableFuture.runAsync(
              () -> {
                pause(
                    world.replicas().size() == 1
                        ? 0
                        : ThreadLocalRandom.current().nextLong(spread));
                task.accept(replica);
              },
              run -> new Thread(run, "swap").start()));
    }
    all.forEach(CompletableFuture::join);
  }

  private void measure(String what, Callable<Boolean> there) {
    var start = System.nanoTime();
    until(there);
    var time = Duration.ofNanos(System.nanoTime() - start);
    Steps.say("swap", new JsonObject().put("what", what).put("ms", time.toMillis()));
    synchronized (times) {
      times.computeIfAbsent(what, name -> new ArrayList<>()).add(time);
    }
  }

  private static void until(Callable<Boolean> there) {
    Patience.await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(25)).until(there);
  }

  static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
