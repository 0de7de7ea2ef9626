package dev.keyturn.given;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Real servers of Redis on loopback: one, a set with Sentinels, or a Cluster.
 *
 * <p>They need the programs of the distribution. Where those are missing tests are skipped, but not
 * on CI, which must have them.
 */
public final class RedisLab implements AutoCloseable {
  /** The name of the set that the Sentinels watch. */
  public static final String MASTER = "lab";

  private static final int QUORUM = 2;
  private static final int DOWN_MILLIS = 2_000;

  private final List<RedisNode> servers = new ArrayList<>();
  private final List<RedisNode> sentinels = new ArrayList<>();

  private RedisLab() {
    assumeTrue(
        "true".equals(System.getenv("CI")) || isThere(),
        "redis-server is missing: install redis-server, redis-sentinel and redis-tools");
  }

  /** One server. */
  public static RedisLab standalone(Path folder, String... settings) {
    var lab = new RedisLab();
    lab.servers.add(RedisNode.server(folder, settings));
    return lab;
  }

  /** One master, replicas that have caught up with it, and no Sentinel. */
  public static RedisLab replicated(Path folder, int replicas) {
    var lab = standalone(folder);
    for (int i = 0; i < replicas; i++) {
      lab.servers.add(
          RedisNode.server(folder, "--replicaof", "127.0.0.1 " + lab.servers.get(0).port()));
    }
    lab.awaitReplicas(replicas);
    return lab;
  }

  /** A master with two replicas, and three Sentinels. */
  public static RedisLab sentinel(Path folder) {
    var lab = replicated(folder, 2);
    var master = lab.servers.get(0);
    var settings =
        List.of(
            "sentinel monitor " + MASTER + " 127.0.0.1 " + master.port() + " " + QUORUM,
            "sentinel auth-pass " + MASTER + " " + RedisNode.PASSWORD,
            "sentinel down-after-milliseconds " + MASTER + " " + DOWN_MILLIS,
            "sentinel failover-timeout " + MASTER + " 10000",
            "sentinel parallel-syncs " + MASTER + " 2");
    IntStream.range(0, 3).forEach(i -> lab.sentinels.add(RedisNode.sentinel(folder, settings)));
    Patience.await().until(() -> lab.sentinels.stream().allMatch(RedisLab::knowsAll));
    return lab;
  }

  /** Three masters with a replica each. */
  public static RedisLab cluster(Path folder) {
    var lab = new RedisLab();
    for (int i = 0; i < 6; i++) {
      lab.servers.add(
          RedisNode.server(
              folder,
              "--cluster-enabled",
              "yes",
              "--cluster-port",
              "" + FreePorts.next(),
              "--cluster-node-timeout",
              "" + DOWN_MILLIS));
    }
    lab.join(folder);
    Patience.await().until(() -> lab.servers.stream().allMatch(RedisLab::isJoined));
    Patience.await()
        .until(
            () ->
                lab.masters().size() == 3 && lab.masters().stream().allMatch(RedisLab::hasReplica));
    return lab;
  }

  /** All servers, of which the first was the first master. */
  public List<RedisNode> servers() {
    return List.copyOf(servers);
  }

  public List<RedisNode> sentinels() {
    return List.copyOf(sentinels);
  }

  /** Those that say that they are masters now. */
  public List<RedisNode> masters() {
    return servers.stream()
        .filter(node -> node.ask("ROLE") instanceof List<?> role && role.get(0).equals("master"))
        .toList();
  }

  /** Removes everything, from the replicas too. */
  public void clear() {
    var replicas = servers.size() > 1 ? "1" : "0";
    var commands =
        List.of(
            List.of("FLUSHALL"),
            List.of("WAIT", replicas, String.valueOf(Patience.LONG.toMillis())));
    masters().forEach(node -> assertThat(node.askAll(commands)).startsWith("OK"));
  }

  /** Lets every entry be nearer to its end, as if time had passed. */
  public void age(Duration time) {
    for (var node : masters()) {
      for (var key : (List<?>) node.ask("KEYS", "*")) {
        var left = (Long) node.ask("PTTL", key.toString()) - time.toMillis();
        node.ask("PEXPIRE", key.toString(), String.valueOf(left));
      }
    }
  }

  /** How many entries there are, without the marks of those that are gone. */
  public int size() {
    return masters().stream()
        .mapToInt(
            node ->
                (int)
                    ((List<?>) node.ask("KEYS", "*"))
                        .stream()
                            .map(key -> String.valueOf(node.ask("GET", key.toString())))
                            .filter(value -> !value.startsWith("\u0002"))
                            .count())
        .sum();
  }

  /** All keys with what they hold. */
  public String dump() {
    var all = new StringBuilder();
    for (var node : masters()) {
      for (var key : (List<?>) node.ask("KEYS", "*")) {
        all.append(key).append(' ').append(node.ask("GET", key.toString())).append('\n');
      }
    }
    return all.toString();
  }

  /** Waits until so many replicas have caught up with the first server. */
  public void awaitReplicas(int count) {
    Patience.await()
        .until(
            () ->
                servers.stream().skip(1).filter(RedisLab::hasCaughtUp).count() == count
                    && servers.get(0).says("replication", "connected_slaves:" + count));
  }

  /**
   * Waits until no Sentinel names that server as the master any more: one without persistence comes
   * back empty, and must not be taken for what it was.
   */
  public void awaitForgotten(RedisNode server) {
    Patience.await()
        .until(
            () ->
                sentinels.stream()
                    .noneMatch(
                        one ->
                            String.valueOf(one.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", MASTER))
                                .contains(String.valueOf(server.port()))));
  }

  /** Waits until every master has a replica that has caught up. */
  public void awaitInSync() {
    Patience.await().until(() -> masters().stream().allMatch(RedisLab::hasReplica));
  }

  @Override
  public void close() {
    sentinels.forEach(RedisNode::close);
    servers.forEach(RedisNode::close);
  }

  private void join(Path folder) {
    var command = new ArrayList<>(List.of("redis-cli", "-a", RedisNode.PASSWORD));
    command.addAll(List.of("--cluster", "create"));
    servers.forEach(node -> command.add(node.address()));
    command.addAll(List.of("--cluster-replicas", "1", "--cluster-yes"));
    var joining = Running.start(folder, command);
    assertThat(joining.exit(Patience.SECONDS)).as(() -> joining.lines().toString()).isZero();
  }

  private static boolean isJoined(RedisNode node) {
    return String.valueOf(node.ask("CLUSTER", "INFO")).contains("cluster_state:ok");
  }

  private static boolean hasReplica(RedisNode node) {
    return node.says("replication", "state=online");
  }

  private static boolean hasCaughtUp(RedisNode node) {
    return node.says("replication", "master_link_status:up");
  }

  private static boolean knowsAll(RedisNode sentinel) {
    var said = String.valueOf(sentinel.ask("SENTINEL", "MASTER", MASTER));
    return said.contains("num-slaves, 2") && said.contains("num-other-sentinels, 2");
  }

  private static boolean isThere() {
    try {
      return new ProcessBuilder("redis-server", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
