package dev.keyturn.store.redis;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where a Redis is and how we speak to it; all of it is fixed while a process runs.
 *
 * @param keyPrefix what every key begins with
 * @param tls empty: in plain text
 * @param sentinelTls the same for the Sentinels
 * @param waiting for whom a change waits
 */
public record RedisConfig(
    Place place,
    String keyPrefix,
    Timeouts timeouts,
    Optional<Tls> tls,
    Optional<Tls> sentinelTls,
    Waiting waiting) {
  /** One server, a set of them, or a Cluster. */
  public sealed interface Place {}

  /** One server that has everything. */
  public record Standalone(Address address) implements Place {}

  /** A set with one master at a time, which the Sentinels name. */
  public record Sentinel(String master, List<Address> sentinels, int db) implements Place {
    public Sentinel {
      sentinels = List.copyOf(sentinels);
    }
  }

  /**
   * Several masters, each with a part of the keys.
   *
   * @param first the one that is asked for the others at the start
   */
  public record Cluster(Address first) implements Place {}

  /**
   * How the other side is recognised.
   *
   * @param anybody whether any certificate will do
   */
  public record Tls(boolean anybody) {}

  /** For a connection, for the answer to a read, for the answer to a change. */
  public record Timeouts(Duration dial, Duration read, Duration write) {}

  /**
   * How many replicas must have a change before it is acknowledged.
   *
   * @param longest after this a change is not acknowledged, though it stands
   */
  public record Waiting(int replicas, Duration longest) {}
}
