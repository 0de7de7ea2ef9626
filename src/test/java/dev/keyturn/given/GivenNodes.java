package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import io.vertx.core.Completable;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.shareddata.AsyncMap;
import io.vertx.core.shareddata.Counter;
import io.vertx.core.shareddata.Lock;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.NodeListener;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/**
 * A Vert.x cluster: nodes of this process that talk over real sockets, and everything that any of
 * them has told it.
 */
public final class GivenNodes {
  private final Map<String, NodeInfo> infos = new ConcurrentHashMap<>();
  private final List<Node> nodes = new CopyOnWriteArrayList<>();
  private final List<Told> told = new CopyOnWriteArrayList<>();

  /** That somebody listens at an address, and whether other nodes may know. */
  public record Told(String address, boolean localOnly) {}

  /** A Vert.x that is one more node. */
  public Vertx node() {
    var options = new VertxOptions().setEventBusOptions(new EventBusOptions().setHost("127.0.0.1"));
    return done(
        Vertx.builder()
            .with(options)
            .withClusterManager(new Node("node-" + nodes.size()))
            .buildClustered());
  }

  /** Every registration so far. */
  public List<Told> told() {
    return List.copyOf(told);
  }

  private void update(String address) {
    var event =
        new RegistrationUpdateEvent(
            address, nodes.stream().flatMap(node -> node.shared(address)).toList());
    nodes.forEach(node -> node.hear(event));
  }

  /** One node's view. */
  private final class Node implements ClusterManager {
    private final String id;
    private final Map<String, List<RegistrationInfo>> own = new ConcurrentHashMap<>();
    private Optional<RegistrationListener> listener = Optional.empty();
    private volatile boolean active;

    private Node(String id) {
      this.id = id;
      nodes.add(this);
    }

    private Stream<RegistrationInfo> all(String address) {
      return own.getOrDefault(address, List.of()).stream();
    }

    private Stream<RegistrationInfo> shared(String address) {
      return all(address).filter(info -> !info.localOnly());
    }

    private void hear(RegistrationUpdateEvent event) {
      listener
          .filter(there -> active && there.wantsUpdatesFor(event.address()))
          .ifPresent(there -> there.registrationsUpdated(event));
    }

    @Override
    public void addRegistration(
        String address, RegistrationInfo info, Completable<Void> completion) {
      told.add(new Told(address, info.localOnly()));
      own.computeIfAbsent(address, any -> new CopyOnWriteArrayList<>()).add(info);
      update(address);
      completion.succeed();
    }

    @Override
    public void removeRegistration(
        String address, RegistrationInfo info, Completable<Void> completion) {
      own.getOrDefault(address, new ArrayList<>()).remove(info);
      update(address);
      completion.succeed();
    }

    @Override
    public void getRegistrations(String address, Completable<List<RegistrationInfo>> answer) {
      var others = nodes.stream().filter(node -> node != this).flatMap(n -> n.shared(address));
      answer.succeed(Stream.concat(all(address), others).toList());
    }

    @Override
    public void init(Vertx vertx) {}

    @Override
    public void nodeListener(NodeListener ignored) {}

    @Override
    public void registrationListener(RegistrationListener wanted) {
      listener = Optional.of(wanted);
    }

    @Override
    public String getNodeId() {
      return id;
    }

    @Override
    public List<String> getNodes() {
      return List.copyOf(infos.keySet());
    }

    @Override
    public void setNodeInfo(NodeInfo info, Completable<Void> completion) {
      infos.put(id, info);
      completion.succeed();
    }

    @Override
    public NodeInfo getNodeInfo() {
      return infos.get(id);
    }

    @Override
    public void getNodeInfo(String other, Completable<NodeInfo> answer) {
      answer.succeed(infos.get(other));
    }

    @Override
    public void join(Completable<Void> completion) {
      active = true;
      completion.succeed();
    }

    @Override
    public void leave(Completable<Void> completion) {
      active = false;
      infos.remove(id);
      completion.succeed();
    }

    @Override
    public boolean isActive() {
      return active;
    }

    @Override
    public <K, V> void getAsyncMap(String name, Completable<AsyncMap<K, V>> answer) {
      answer.fail(new UnsupportedOperationException());
    }

    @Override
    public <K, V> Map<K, V> getSyncMap(String name) {
      return new ConcurrentHashMap<>();
    }

    @Override
    public void getLockWithTimeout(String name, long timeout, Completable<Lock> answer) {
      answer.fail(new UnsupportedOperationException());
    }

    @Override
    public void getCounter(String name, Completable<Counter> answer) {
      answer.fail(new UnsupportedOperationException());
    }
  }
}
