package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Knows the map of slots, and asks for it again when a server in it is in doubt. */
final class ClusterRouter implements Router {
  private static final String ALL = "the Cluster";

  private final Function<Address, Links> servers;
  private final Dial dial;
  private final Condition condition;
  private final Address first;
  private TreeMap<Integer, Range> map = new TreeMap<>();
  private Set<Address> known = Set.of();
  private boolean doubtful = true;
  private Optional<Future<Void>> asking = Optional.empty();

  /**
   * @param servers the connections to one of them
   */
  ClusterRouter(
      RedisConfig.Cluster place, Dial dial, Condition condition, Function<Address, Links> servers) {
    this.first = place.first();
    this.dial = dial;
    this.condition = condition;
    this.servers = servers;
  }

  @Override
  public Future<Address> owner(String key) {
    if (doubtful) {
      return refreshed().compose(done -> found(key));
    }
    return found(key);
  }

  @Override
  public String place(String key) {
    return range(key).map(range -> range.master().toString()).orElse(ALL);
  }

  @Override
  public void doubt(Address address) {
    doubtful = true;
  }

  /** A map with a hole in it is asked for again, since nobody else would say that it is mended. */
  private Future<Address> found(String key) {
    var owner = range(key).map(Range::master);
    doubtful |= owner.isEmpty();
    return owner
        .map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(TroubleException.refused(Trouble.DOWN, ALL)));
  }

  private Optional<Range> range(String key) {
    var slot = Slots.of(key);
    return Optional.ofNullable(map.floorEntry(slot))
        .map(java.util.Map.Entry::getValue)
        .filter(range -> slot <= range.last());
  }

  /** Whoever asks meanwhile waits for the same map. */
  private Future<Void> refreshed() {
    if (asking.isEmpty()) {
      var candidates = new ArrayList<>(known);
      Collections.shuffle(candidates);
      var all = new LinkedHashSet<>(candidates);
      all.add(first);
      var answer = ask(List.copyOf(all), 0);
      asking = Optional.of(answer);
      answer.onComplete(done -> asking = Optional.empty());
      return answer;
    }
    return asking.get();
  }

  private Future<Void> ask(List<Address> candidates, int index) {
    return ask(candidates.get(index))
        .recover(
            failure ->
                index + 1 < candidates.size()
                    ? ask(candidates, index + 1)
                    : Future.failedFuture(nobody(failure)));
  }

  /** What the last of them said, if it said anything. */
  private static TroubleException nobody(Throwable last) {
    return last instanceof TroubleException met && met.trouble() != Trouble.TIMEOUT
        ? TroubleException.refused(met.trouble(), ALL)
        : TroubleException.refused(Trouble.AWAY, ALL);
  }

  private Future<Void> ask(Address server) {
    return servers
        .apply(server)
        .link()
        .compose(
            link ->
                link.send(Request.cmd(Command.CLUSTER).arg("SLOTS"), dial.patience())
                    .compose(answer -> take(answer, server)));
  }

  private Future<Void> take(Response answer, Address server) {
    var next = new TreeMap<Integer, Range>();
    var addresses = new LinkedHashSet<Address>();
    for (var range : answer) {
      var master = range.get(2);
      var host = String.valueOf(master.get(0));
      var address =
          host.isEmpty() || host.equals("null") || host.equals("?")
              ? Address.of(server.host(), master.get(1).toInteger())
              : Address.of(host, master.get(1).toInteger());
      next.put(range.get(0).toInteger(), new Range(range.get(1).toInteger(), address));
      addresses.add(address);
    }
    if (next.isEmpty()) {
      return Future.failedFuture(TroubleException.refused(Trouble.DOWN, server));
    }
    map = next;
    known = addresses;
    doubtful = false;
    var serving = new HashSet<>(addresses.stream().map(Address::toString).toList());
    if (!isWhole(next)) {
      serving.add(ALL);
    }
    condition.servedBy(serving);
    return Future.succeededFuture();
  }

  private static boolean isWhole(SortedMap<Integer, Range> map) {
    var end = 0;
    for (var range : map.entrySet()) {
      if (range.getKey() != end) {
        return false;
      }
      end = range.getValue().last() + 1;
    }
    return end == Slots.COUNT;
  }

  /** The slots up to {@code last}. */
  private record Range(int last, Address master) {}
}
