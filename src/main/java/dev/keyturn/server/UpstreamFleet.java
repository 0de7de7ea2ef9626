package dev.keyturn.server;

import dev.keyturn.upstream.ConfiguredUpstream;
import dev.keyturn.upstream.Enrolments;
import dev.keyturn.upstream.UpstreamConfig;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.upstream.UpstreamVerticle;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The owners of the identity providers that the configuration names, one for each. */
final class UpstreamFleet {
  private final Vertx vertx;
  private final BusNames names;
  private final Means means;
  private final Enrolments enrolments;
  private final Map<String, String> deployed = new ConcurrentHashMap<>();

  /**
   * @param enrolments the clients that we are where we register
   */
  UpstreamFleet(Vertx vertx, BusNames names, Means means, Enrolments enrolments) {
    this.vertx = vertx;
    this.names = names;
    this.means = means;
    this.enrolments = enrolments;
  }

  /** Gives each provider an owner, or its owner the new configuration; none waits for another. */
  Future<Void> have(List<ConfiguredUpstream> upstreams) {
    return Future.all(upstreams.stream().map(one -> have(one.config())).toList()).mapEmpty();
  }

  private Future<Void> have(UpstreamConfig config) {
    return deployed.containsKey(config.name()) ? tell(config) : deploy(config);
  }

  /** Lets go of every provider but these. */
  Future<Void> keepOnly(List<ConfiguredUpstream> upstreams) {
    var kept = upstreams.stream().map(ConfiguredUpstream::name).collect(Collectors.toSet());
    var others = new HashMap<>(deployed);
    others.keySet().removeAll(kept);
    deployed.keySet().retainAll(kept);
    return Future.join(others.values().stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  /** Lets go of all of them. */
  Future<Void> stop() {
    var all = List.copyOf(deployed.values());
    deployed.clear();
    return Future.join(all.stream().map(vertx::undeploy).toList()).mapEmpty();
  }

  private Future<Void> tell(UpstreamConfig config) {
    return new UpstreamOverBus(vertx, names.prefix(), config.name()).reconfigure(config).mapEmpty();
  }

  private Future<Void> deploy(UpstreamConfig config) {
    return vertx
        .deployVerticle(
            new UpstreamVerticle(config, names.prefix(), means.clock(), means.random(), enrolments))
        .onSuccess(id -> deployed.put(config.name(), id))
        .mapEmpty();
  }
}
