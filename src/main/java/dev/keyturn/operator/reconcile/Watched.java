package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.EmbeddedAuthServer;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.McpServer;
import dev.keyturn.operator.api.Metadata;
import dev.keyturn.operator.api.Route;
import dev.keyturn.operator.objects.Made;
import dev.keyturn.operator.objects.Owner;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What is there, by watching it; whatever happens to it is told by the resources it concerns. */
final class Watched implements Stock, AutoCloseable {
  private static final List<Kind> MADE =
      List.of(
          Kind.DEPLOYMENT,
          Kind.CONFIG_MAP,
          Kind.SERVICE,
          Kind.SERVICE_ACCOUNT,
          Kind.NETWORK_POLICY,
          Kind.BUDGET,
          Kind.INGRESS);
  private static final Comparator<McpServer> AGE =
      Comparator.comparing((McpServer one) -> one.metadata().creationTimestamp().orElse("never"))
          .thenComparing(one -> one.metadata().name());

  private final Consumer<Key> concerned;
  private final Function<PodSeen, Optional<Loaded>> told;
  private final BiPredicate<Key, String> ours;
  private final Mirror<Reading<ExternalAuthConfig>> configs;
  private final Mirror<Reading<McpServer>> servers;
  private final Mirror<PodSeen> pods;
  private final Map<Kind, Mirror<Owned>> made = new EnumMap<>(Kind.class);

  /**
   * @param concerned is told which resources are to be looked at
   * @param told what a pod has told of itself
   * @param ours whether that state of an object is one that was applied here
   */
  Watched(
      Consumer<Key> concerned,
      Function<PodSeen, Optional<Loaded>> told,
      BiPredicate<Key, String> ours,
      boolean hasHttpRoutes) {
    this.concerned = concerned;
    this.ours = ours;
    this.told = told;
    configs = new Mirror<>(Kind.CONFIG, Watched::configOf, this::config);
    servers = new Mirror<>(Kind.SERVER, Watched::serverOf, this::server);
    pods = new Mirror<>(Kind.POD, PodSeen::of, this::pod);
    var kinds = new ArrayList<>(MADE);
    if (hasHttpRoutes) {
      kinds.add(Kind.HTTP_ROUTE);
    }
    kinds.forEach(
        kind -> made.put(kind, new Mirror<>(kind, tree -> Owned.of(kind, tree), this::owned)));
  }

  /** Is done when everything has been listed once. */
  CompletableFuture<Void> start(KubernetesClient client, Set<String> namespaces) {
    var begun = new ArrayList<CompletableFuture<Void>>();
    begun.add(configs.start(client, namespaces, ""));
    begun.add(servers.start(client, namespaces, ""));
    made.values().forEach(one -> begun.add(one.start(client, namespaces, Made.SELECTOR)));
    begun.add(pods.start(client, namespaces, Made.SELECTOR));
    return CompletableFuture.allOf(begun.toArray(CompletableFuture<?>[]::new));
  }

  /** The kinds that are not watched now, and why. */
  List<String> behind() {
    return Stream.concat(Stream.of(configs, servers, pods), made.values().stream())
        .flatMap(one -> one.behind().stream())
        .sorted()
        .toList();
  }

  /** Every resource. */
  Set<Key> everything() {
    var all = new HashSet<Key>();
    configs.all().forEach(one -> all.add(key(Kind.CONFIG, one.metadata())));
    servers.all().forEach(one -> all.add(key(Kind.SERVER, one.metadata())));
    return all;
  }

  /** Every pod that can be asked: of a Deployment that was made for a resource. */
  List<PodSeen> pods() {
    return pods.all().stream()
        .filter(PodSeen::answers)
        .filter(pod -> owner(pod).isPresent())
        .toList();
  }

  /** Which state of an object was last seen. */
  Optional<String> version(Key object) {
    return Optional.ofNullable(made.get(object.kind()))
        .flatMap(mirror -> mirror.get(object.namespace(), object.name()))
        .map(Owned::version);
  }

  /** The resource for which an object was made. */
  Optional<Key> owner(Key object) {
    return Optional.ofNullable(made.get(object.kind()))
        .flatMap(mirror -> mirror.get(object.namespace(), object.name()))
        .map(Owned::owner);
  }

  /** The resource for which the Deployment of a pod was made. */
  Optional<Key> owner(PodSeen pod) {
    return deployments().get(pod.namespace(), pod.deployment()).map(Owned::owner);
  }

  @Override
  public Optional<ExternalAuthConfig> config(String namespace, String name) {
    return configs.get(namespace, name).flatMap(Reading::value);
  }

  @Override
  public List<ExternalAuthConfig> configs(String namespace) {
    return configs.in(namespace).values().stream()
        .flatMap(one -> one.value().stream())
        .sorted(Comparator.comparing(one -> one.metadata().name()))
        .toList();
  }

  @Override
  public Optional<McpServer> server(String namespace, String name) {
    return servers.get(namespace, name).flatMap(Reading::value);
  }

  @Override
  public List<McpServer> servers(String namespace) {
    return servers.in(namespace).values().stream()
        .flatMap(one -> one.value().stream())
        .sorted(AGE)
        .toList();
  }

  @Override
  public List<Unread> unread(String namespace) {
    return Stream.concat(
            configs.in(namespace).values().stream().flatMap(one -> one.unread().stream()),
            servers.in(namespace).values().stream().flatMap(one -> one.unread().stream()))
        .toList();
  }

  @Override
  public Optional<Rollout> rollout(String namespace, String deployment) {
    return deployments().get(namespace, deployment).flatMap(Owned::rollout);
  }

  @Override
  public List<PodSeen> pods(String namespace, String deployment) {
    return pods.in(namespace).values().stream()
        .filter(pod -> pod.deployment().equals(deployment))
        .sorted(Comparator.comparing(PodSeen::name))
        .toList();
  }

  @Override
  public Optional<Loaded> loaded(PodSeen pod) {
    return told.apply(pod);
  }

  @Override
  public Set<Key> owned(Owner owner) {
    var all = new HashSet<Key>();
    var wanted = new Key(Kind.of(owner.kind()), owner.namespace(), owner.name());
    made.forEach(
        (kind, mirror) ->
            mirror
                .in(owner.namespace())
                .forEach(
                    (name, one) -> {
                      if (one.owner().equals(wanted)) {
                        all.add(new Key(kind, owner.namespace(), name));
                      }
                    }));
    return all;
  }

  @Override
  public void close() {
    configs.close();
    servers.close();
    pods.close();
    made.values().forEach(Mirror::close);
  }

  private Mirror<Owned> deployments() {
    return java.util.Objects.requireNonNull(made.get(Kind.DEPLOYMENT));
  }

  /** Also the servers that name it, all that those name, and who wants the same issuer. */
  private void config(
      Key key,
      Optional<Reading<ExternalAuthConfig>> before,
      Optional<Reading<ExternalAuthConfig>> now) {
    if (isSame(before, now)) {
      return;
    }
    concerned.accept(key);
    for (var server : servers.in(key.namespace()).values()) {
      var ties = ties(server);
      if (ties.contains(key.name())) {
        concerned.accept(key(Kind.SERVER, server.metadata()));
        ties.forEach(name -> concerned.accept(Key.config(key.namespace(), name)));
      }
    }
    var issuers = new HashSet<String>();
    before.flatMap(Watched::issuer).ifPresent(issuers::add);
    now.flatMap(Watched::issuer).ifPresent(issuers::add);
    for (var other : configs.in(key.namespace()).values()) {
      issuer(other)
          .filter(issuers::contains)
          .ifPresent(same -> concerned.accept(key(Kind.CONFIG, other.metadata())));
    }
  }

  private void server(
      Key key, Optional<Reading<McpServer>> before, Optional<Reading<McpServer>> now) {
    if (isSame(before, now)) {
      return;
    }
    concerned.accept(key);
    var names = new HashSet<String>();
    before.map(Watched::ties).ifPresent(names::addAll);
    now.map(Watched::ties).ifPresent(names::addAll);
    names.forEach(name -> concerned.accept(Key.config(key.namespace(), name)));
    if (!before.flatMap(Watched::route).equals(now.flatMap(Watched::route))) {
      siblings(key, names);
    }
  }

  private void siblings(Key server) {
    servers
        .get(server.namespace(), server.name())
        .map(Watched::ties)
        .ifPresent(configs -> siblings(server, configs));
  }

  /** One of those that have a route has that of the issuer, and may be another one now. */
  private void siblings(Key server, Set<String> configs) {
    servers.in(server.namespace()).values().stream()
        .filter(one -> route(one).isPresent())
        .filter(one -> ties(one).stream().anyMatch(configs::contains))
        .forEach(one -> concerned.accept(key(Kind.SERVER, one.metadata())));
  }

  private void owned(Key key, Optional<Owned> before, Optional<Owned> now) {
    if (key.kind() == Kind.INGRESS && before.isPresent() != now.isPresent()) {
      now.or(() -> before).map(Owned::owner).ifPresent(this::siblings);
    }
    if (!before.equals(now) && !isOurs(key, before, now)) {
      before.map(Owned::owner).ifPresent(concerned);
      now.map(Owned::owner).ifPresent(concerned);
    }
  }

  /** What we have just applied ourselves is no news, unless a rollout has gone on meanwhile. */
  private boolean isOurs(Key key, Optional<Owned> before, Optional<Owned> now) {
    var rollout = before.flatMap(Owned::rollout).orElse(Rollout.NONE);
    return now.filter(one -> ours.test(key, one.version()))
        .filter(one -> one.rollout().orElse(Rollout.NONE).equals(rollout))
        .filter(one -> before.map(Owned::owner).filter(was -> !was.equals(one.owner())).isEmpty())
        .isPresent();
  }

  private void pod(Key key, Optional<PodSeen> before, Optional<PodSeen> now) {
    if (!before.equals(now)) {
      now.or(() -> before).flatMap(this::owner).ifPresent(concerned);
    }
  }

  /** A status that was written, mostly by ourselves, is no reason to look. */
  private static <T> boolean isSame(Optional<Reading<T>> before, Optional<Reading<T>> now) {
    return before.isPresent()
        && now.isPresent()
        && before.get().value().isPresent() == now.get().value().isPresent()
        && isSame(before.get().metadata(), now.get().metadata());
  }

  private static boolean isSame(Metadata before, Metadata now) {
    return before.uid().equals(now.uid())
        && before.generation().equals(now.generation())
        && before.deletionTimestamp().equals(now.deletionTimestamp())
        && (isHeld(now) || !isHeld(before));
  }

  /** That we hold it is no news, and that somebody has taken that away is. */
  private static boolean isHeld(Metadata metadata) {
    return metadata.finalizers().contains(Farewell.FINALIZER);
  }

  private static Optional<Reading<ExternalAuthConfig>> configOf(JsonNode tree) {
    return Optional.of(
        Reading.of(Kind.CONFIG, tree, ExternalAuthConfig.class, ExternalAuthConfig::metadata));
  }

  private static Optional<Reading<McpServer>> serverOf(JsonNode tree) {
    return Optional.of(Reading.of(Kind.SERVER, tree, McpServer.class, McpServer::metadata));
  }

  private static Set<String> ties(Reading<McpServer> server) {
    return server
        .value()
        .map(Ties::of)
        .or(() -> server.unread().map(Unread::ties))
        .orElse(Set.of());
  }

  private static Optional<Route> route(Reading<McpServer> server) {
    return server.value().flatMap(known -> known.spec().route());
  }

  private static Optional<String> issuer(Reading<ExternalAuthConfig> config) {
    return config
        .value()
        .flatMap(known -> known.spec().embeddedAuthServer().flatMap(EmbeddedAuthServer::issuer))
        .or(() -> config.unread().flatMap(Unread::issuer));
  }

  private static Key key(Kind kind, Metadata metadata) {
    return new Key(kind, metadata.namespace().orElse("default"), metadata.name());
  }
}
