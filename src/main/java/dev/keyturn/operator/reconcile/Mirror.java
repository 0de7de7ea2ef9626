package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is of one kind: listed once, then watched; a watch that has expired lists anew.
 *
 * <p>Only what is read out of an object is kept.
 *
 * @param <T> what is kept of each
 */
final class Mirror<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A list comes in parts of so many, and no more of it is in memory. */
  private static final long AT_ONCE = 200;

  private static final int DEEPEST = 10;

  private final Kind kind;
  private final Function<JsonNode, Optional<T>> reading;
  private final Change<T> change;
  private final List<SharedIndexInformer<GenericKubernetesResource>> informers = new ArrayList<>();
  private final Map<String, Map<String, T>> known = new ConcurrentHashMap<>();
  private volatile String trouble = "";

  /**
   * @param reading what to keep of an object; empty where it is none of ours
   */
  Mirror(Kind kind, Function<JsonNode, Optional<T>> reading, Change<T> change) {
    this.kind = kind;
    this.reading = reading;
    this.change = change;
  }

  /** Hears of each change. */
  interface Change<T> {
    void changed(Key key, Optional<T> before, Optional<T> now);
  }

  /**
   * Begins, and is done when everything has been listed, however long the API server is away.
   *
   * @param namespaces empty for all
   * @param selector by labels; empty for all
   */
  CompletableFuture<Void> start(KubernetesClient client, Set<String> namespaces, String selector) {
    var all = client.genericKubernetesResources(kind.context());
    if (namespaces.isEmpty()) {
      informers.add(informer(all.inAnyNamespace(), selector));
    }
    for (var namespace : namespaces) {
      informers.add(informer(all.inNamespace(namespace), selector));
    }
    return CompletableFuture.allOf(
        informers.stream().map(this::started).toArray(CompletableFuture<?>[]::new));
  }

  Optional<T> get(String namespace, String name) {
    return Optional.ofNullable(known.getOrDefault(namespace, Map.of()).get(name));
  }

  /** All of a namespace, by name. */
  Map<String, T> in(String namespace) {
    return known.getOrDefault(namespace, Map.of());
  }

  /** All. */
  List<T> all() {
    return known.values().stream().flatMap(some -> some.values().stream()).toList();
  }

  /** Why it is not watched now; empty where it is. */
  Optional<String> behind() {
    var isWatched =
        !informers.isEmpty()
            && informers.stream().allMatch(one -> one.hasSynced() && one.isWatching());
    return isWatched ? Optional.empty() : Optional.of((kind.plural() + " " + trouble).strip());
  }

  @Override
  public void close() {
    informers.forEach(SharedIndexInformer::stop);
  }

  private static SharedIndexInformer<GenericKubernetesResource> informer(
      FilterWatchListDeletable<
              GenericKubernetesResource,
              GenericKubernetesResourceList,
              Resource<GenericKubernetesResource>>
          some,
      String selector) {
    var selected = selector.isEmpty() ? some : some.withLabelSelector(selector);
    return selected.withLimit(AT_ONCE).runnableInformer(0);
  }

  private CompletableFuture<Void> started(SharedIndexInformer<GenericKubernetesResource> informer) {
    informer.removeNamespaceIndex();
    informer.itemStore(new NameStore(this::take, last -> note(key(last), Optional.empty())));
    informer.exceptionHandler((isStarted, cause) -> goesOn(cause));
    return informer.start().toCompletableFuture();
  }

  /** It is tried again in any case; the code says enough, and nothing of what an object holds. */
  private boolean goesOn(Throwable cause) {
    var now =
        code(cause)
            .map(code -> "(the API server answers " + code + ")")
            .orElse("(the API server gives no answer)");
    if (!now.equals(trouble)) {
      LOG.atWarn()
          .setMessage("cannot be listed or watched, and is tried again")
          .addKeyValue("kind", kind.plural())
          .addKeyValue("because", now)
          .log();
    }
    trouble = now;
    return true;
  }

  /** What the API server answered, however deep that is wrapped. */
  private static Optional<Integer> code(Throwable cause) {
    return Stream.iterate(cause, Objects::nonNull, Throwable::getCause)
        .limit(DEEPEST)
        .filter(KubernetesClientException.class::isInstance)
        .map(one -> ((KubernetesClientException) one).getCode())
        .filter(code -> code > 0)
        .findFirst();
  }

  private void take(GenericKubernetesResource now) {
    note(key(now), reading.apply(tree(now)));
  }

  /** Without who wrote which field: nobody reads that, and it is half of an object. */
  static JsonNode tree(GenericKubernetesResource object) {
    object.getMetadata().setManagedFields(List.of());
    return JSON.valueToTree(object);
  }

  private void note(Key key, Optional<T> now) {
    var some = known.computeIfAbsent(key.namespace(), any -> new ConcurrentHashMap<>());
    var before =
        Optional.ofNullable(
            now.isPresent() ? some.put(key.name(), now.get()) : some.remove(key.name()));
    change.changed(key, before, now);
  }

  private Key key(GenericKubernetesResource object) {
    return new Key(kind, object.getMetadata().getNamespace(), object.getMetadata().getName());
  }
}
