package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.given.ReplicaLoad;
import dev.keyturn.given.Replicas;
import java.nio.file.Path;
import java.util.List;
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
      load.go();
      for (int i = 0; i < FAILOVERS; i++) {
        var codes = IntStream.range(0, CODES).mapToObj(code -> replicas.logIn(client)).toList();
        var enough = load.acknowledged() + BETWEEN;
        await().until(() -> load.acknowledged() > enough);
        load.redeem(codes);
        failOver(redis);
        var after = load.acknowledged() + BETWEEN;
        await().until(() -> load.acknowledged() > after || load.lost() == LOGINS);
      }
      load.stop();
      var old = load.oldAccepted();
      System.out.printf(
          "%s: failovers %d, wait_replicas %d, refreshes acknowledged %d, answered 503 %d over %d"
              + " ms, logins lost %d, accepted twice %d, codes %s, old tokens accepted %d%n",
          name,
          FAILOVERS,
          WAIT,
          load.acknowledged(),
          load.away(),
          load.awayFor().toMillis(),
          load.lost(),
          load.twice(),
          load.codes(),
          old);
      assertThat(WAIT > 0 ? load.lost() + load.twice() + old : 0).isZero();
    }
  }

  /** One that is killed comes back as a replica, once another has its place. */
  private static void failOver(RedisLab redis) {
    var count = redis.masters().size();
    var victim = redis.masters().get(0);
    victim.kill();
    await().until(() -> others(redis, victim) == count);
    redis.awaitForgotten(victim);
    victim.start();
    await().until(() -> redis.masters().size() == count);
    redis.awaitInSync();
  }

  private static long others(RedisLab redis, RedisNode victim) {
    return redis.masters().stream().filter(node -> node != victim).count();
  }
}
