package dev.keyturn.operator.rules;

import dev.keyturn.config.Finding;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.McpServerSpec.ResourceNeeds;
import dev.keyturn.operator.render.Binding;
import dev.keyturn.operator.render.Deployed;
import dev.keyturn.operator.render.Pod;
import dev.keyturn.operator.render.Remark;
import dev.keyturn.operator.render.Remark.Weight;
import dev.keyturn.operator.render.Rendering;
import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.RunConfigReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Judges resources by the rules of the run configuration that they are rendered to. */
public final class Rules {
  /** Of servers that are apart from each other, so many show what is wrong with their config. */
  private static final int MOST = 10;

  private final Ephemeral ephemeral;
  private final Clock clock;
  private final Rendering rendering =
      new Rendering(new Pod("", new ResourceNeeds(Map.of(), Map.of())));

  /**
   * @param random makes the keys for which nothing is named, as a server would
   * @param clock by which certificates have expired
   */
  public Rules(SecureRandom random, Clock clock) {
    this.ephemeral = new Ephemeral(random);
    this.clock = clock;
  }

  /**
   * What is to be said of {@code config}, as it would be beside the rest of its namespace. That a
   * server would no longer be served is a note of that server.
   */
  public List<Remark> judge(ExternalAuthConfig config, Lookup around) {
    var namespace = Namespace.with(config, around);
    var object = ExternalAuthConfig.KIND + "/" + config.metadata().name();
    var remarks = new ArrayList<>(new Presence(namespace).missing(object, references(config)));
    config
        .spec()
        .embeddedAuthServer()
        .ifPresentOrElse(
            embedded -> remarks.addAll(incoming(config, embedded, namespace)),
            () -> remarks.addAll(outgoing(config, namespace)));
    return remarks.stream()
        .flatMap(remark -> remark.object().equals(object) ? Stream.of(remark) : noted(remark))
        .distinct()
        .toList();
  }

  /** What is to be said of {@code server}, as it would be beside the rest of its namespace. */
  public List<Remark> judge(McpServer server, Lookup around) {
    var namespace = Namespace.with(server, around);
    var object = McpServer.KIND + "/" + server.metadata().name();
    var binding = Binding.of(server, namespace::config);
    var remarks = new ArrayList<>(binding.remarks());
    remarks.addAll(new Presence(namespace).missing(object, references(server)));
    binding
        .incoming()
        .ifPresent(
            config -> {
              remarks.addAll(rendered(config, beside(server, config, namespace)));
              remarks.addAll(new Replicas(config).judge(server));
            });
    return remarks.stream().filter(remark -> remark.object().equals(object)).distinct().toList();
  }

  /** What {@code config} names, for whoever fetches it or asks who may see it. */
  public List<Reference> references(ExternalAuthConfig config) {
    return References.of(config);
  }

  /** What {@code server} names. */
  public List<Reference> references(McpServer server) {
    return References.of(server);
  }

  private List<Remark> incoming(
      ExternalAuthConfig config, EmbeddedAuthServer embedded, Namespace namespace) {
    var servers = namespace.behind(config);
    var some = embedded.issuer().isPresent() ? servers : servers.stream().limit(MOST).toList();
    var all = some.isEmpty() ? List.of(StandIn.behind(config)) : some;
    var remarks = new ArrayList<>(rendered(config, namespace.withServers(all)));
    remarks.addAll(Siblings.judge(config, embedded, namespace.configs()));
    servers.forEach(server -> remarks.addAll(new Replicas(config).judge(server)));
    if (embedded.storage().isEmpty()) {
      remarks.add(
          new Remark(
              Weight.NOTE,
              ExternalAuthConfig.KIND + "/" + config.metadata().name(),
              "spec.embeddedAuthServer.storage",
              "is missing",
              "everything is kept in memory, and every login ends with the pod"));
    }
    return remarks;
  }

  /** Beside every config that it is used with, or beside one that has nothing wrong about it. */
  private List<Remark> outgoing(ExternalAuthConfig config, Namespace namespace) {
    var remarks = new LinkedHashSet<Remark>();
    namespace.servers().stream()
        .filter(server -> bound(server, namespace).outgoing().filter(config::equals).isPresent())
        .limit(MOST)
        .forEach(
            server ->
                bound(server, namespace)
                    .incoming()
                    .ifPresent(
                        incoming ->
                            remarks.addAll(
                                rendered(incoming, namespace.withServers(List.of(server))))));
    var alone = namespace.withServers(List.of(StandIn.given(config)));
    var before = StandIn.before(config);
    remarks.addAll(rendered(before, alone.withConfig(before)));
    return List.copyOf(remarks);
  }

  private static Binding bound(McpServer server, Namespace namespace) {
    return Binding.of(server, namespace::config);
  }

  /** Whoever shares an issuer shares paths and audiences; others are apart. */
  private static Namespace beside(
      McpServer server, ExternalAuthConfig config, Namespace namespace) {
    var isApart =
        config.spec().embeddedAuthServer().filter(one -> one.issuer().isEmpty()).isPresent();
    return isApart ? namespace.withServers(namespace.at(server.spec().resourceUrl())) : namespace;
  }

  private List<Remark> rendered(ExternalAuthConfig config, Namespace namespace) {
    var rendered = rendering.of(namespace.scene(config));
    return Stream.concat(
            rendered.remarks().stream(),
            rendered.deployments().stream().flatMap(one -> found(one, namespace)))
        .toList();
  }

  private Stream<Remark> found(Deployed deployed, Namespace namespace) {
    var files = new MountedFiles(namespace.around(), namespace.name());
    var reader = new RunConfigReader(files, Map.of(), ephemeral, clock);
    reader.read(deployed.runConfig(), Path.of("/"));
    var wording = new Wording(deployed);
    return reader.findings().all().stream()
        .filter(finding -> !saysThatAFileIsMissing(finding))
        .map(wording::of);
  }

  /** Presence says so in its own words, and it is not refused for that. */
  private static boolean saysThatAFileIsMissing(Finding finding) {
    return finding.message().startsWith("names /")
        && finding.message().endsWith(", which does not exist");
  }

  private static Stream<Remark> noted(Remark other) {
    return other.isAdmitted()
        ? Stream.empty()
        : Stream.of(
            new Remark(
                Weight.NOTE, other.object(), other.field(), other.message(), other.remedy()));
  }
}
