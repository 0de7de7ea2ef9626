package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.given.ReplicaLoad;
import dev.keyturn.given.Replicas;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A master that is killed while clients refresh at two replicas. {@code bench/redis-failover} does
 * it more often.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisFailoverIT {
  private static final int FAILOVERS = Integer.getInteger("keyturn.failovers", 1);
  private static final int WAIT = Integer.getInteger("keyturn.wait", 1);

  /** For how many milliseconds the replicas stand still before their master is killed. */
  private static final int LAG = Integer.getInteger("keyturn.lag", 0);

  private static final int LOGINS = 10;
  private static final int CODES = 10;
  private static final int BETWEEN = 100;

  @TempDir private Path folder;

  @Test
  void a_failover_by_sentinel_loses_nothing_that_was_acknowledged() {
    try (var redis = RedisLab.sentinel(folder)) {
      var sentinels =
          redis.sentinels().stream()
              .map(node -> "'" + node.address() + "'")
              .collect(Collectors.joining(", "));
      var place =
          "sentinel_config: {master_name: "
              + RedisLab.MASTER
              + ", sentinel_addrs: ["
              + sentinels
              + "]}";
      survive("sentinel", redis, place);
    }
  }

  @Test
  void the_loss_of_a_node_of_a_cluster_loses_nothing_that_was_acknowledged() {
    try (var redis = RedisLab.cluster(folder)) {
      survive(
          "cluster", redis, "cluster_mode: true, addr: '" + redis.servers().get(0).address() + "'");
    }
  }

  private void survive(String name, RedisLab redis, String place) {
    try (var replicas = Replicas.started(folder, place + ", wait_replicas: " + WAIT, 2)) {
      var client = replicas.client();
      var everywhere = List.of(client, replicas.client(client, 1));
      var tokens =
          IntStream.range(0, LOGINS)
              .mapToObj(i -> client.redeem(replicas.logIn(client)).text("refresh_token"))
              .toList();
      var load = new ReplicaLoad(everywhere, tokens);
      var longest = Duration.ZERO;
      load.go();
      for (int i = 0; i < FAILOVERS; i++) {
        var codes = IntStream.range(0, CODES).mapToObj(code -> replicas.logIn(client)).toList();
        var enough = load.acknowledged() + BETWEEN;
        await().until(() -> load.acknowledged() > enough);
        load.redeem(codes);
        failOver(redis);
        var after = load.acknowledged() + BETWEEN;
        await().until(() -> load.acknowledged() > after || load.lost() == LOGINS);
        var away = load.awayFor();
        longest = longest.compareTo(away) > 0 ? longest : away;
      }
      load.stop();
      var old = load.oldAccepted();
      System.out.printf(
          "%s: failovers %d, replicas behind by %d ms, wait_replicas %d, refreshes acknowledged %d,"
              + " answered 503 %d, each time for at most %d ms, logins lost %d, accepted twice %d,"
              + " codes %s, old tokens accepted %d%n",
          name,
          FAILOVERS,
          LAG,
          WAIT,
          load.acknowledged(),
          load.away(),
          longest.toMillis(),
          load.lost(),
          load.twice(),
          load.codes(),
          old);
      assertThat(WAIT > 0 ? load.lost() + load.twice() + old : 0).isZero();
    }
  }

  /** One that is killed comes back as a replica, once another has its place. */
  private static void failOver(RedisLab redis) {
    var masters = redis.masters();
    var count = masters.size();
    var victim = masters.get(0);
    var replicas = redis.servers().stream().filter(node -> !masters.contains(node)).toList();
    if (LAG > 0) {
      signal("STOP", replicas);
      victim.ask("CLIENT", "KILL", "TYPE", "replica"); // What is in sockets would reach them.
      LockSupport.parkNanos(Duration.ofMillis(LAG).toNanos());
    }
    victim.kill();
    signal("CONT", replicas);
    await().until(() -> others(redis, victim) == count);
    redis.awaitForgotten(victim);
    victim.start();
    await().until(() -> redis.masters().size() == count);
    redis.awaitInSync();
  }

  /** Tells servers to stand still, or to go on. */
  private static void signal(String name, List<RedisNode> nodes) {
    for (var node : nodes) {
      try {
        new ProcessBuilder("kill", "-" + name, "" + node.pid()).start().waitFor();
      } catch (IOException | InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static long others(RedisLab redis, RedisNode victim) {
    return redis.masters().stream().filter(node -> node != victim).count();
  }
}
