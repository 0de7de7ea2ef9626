package dev.keyturn.operator.reconcile;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an informer has to remember of each object: its name and version.
 *
 * <p>Whoever reads more out of it does so when it is put in. So what has been read is complete when
 * the informer says that it has listed everything; handlers of events hear of it later.
 */
final class NameStore implements ItemStore<GenericKubernetesResource> {
  private final ConcurrentMap<String, GenericKubernetesResource> items = new ConcurrentHashMap<>();
  private final Consumer<GenericKubernetesResource> put;
  private final Consumer<GenericKubernetesResource> removed;

  NameStore(Consumer<GenericKubernetesResource> put, Consumer<GenericKubernetesResource> removed) {
    this.put = put;
    this.removed = removed;
  }

  @Override
  public String getKey(GenericKubernetesResource object) {
    return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
  }

  @Override
  public @Nullable GenericKubernetesResource put(String key, GenericKubernetesResource object) {
    var before = items.put(key, slim(object));
    put.accept(object);
    return before;
  }

  @Override
  public @Nullable GenericKubernetesResource remove(String key) {
    var before = items.remove(key);
    if (before != null) {
      removed.accept(before);
    }
    return before;
  }

  @Override
  public Stream<String> keySet() {
    return items.keySet().stream();
  }

  @Override
  public Stream<GenericKubernetesResource> values() {
    return items.values().stream();
  }

  @Override
  public int size() {
    return items.size();
  }

  @Override
  public @Nullable GenericKubernetesResource get(String key) {
    return items.get(key);
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private static GenericKubernetesResource slim(GenericKubernetesResource object) {
    var slim = new GenericKubernetesResource();
    slim.setApiVersion(object.getApiVersion());
    slim.setKind(object.getKind());
    slim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(object.getMetadata().getNamespace())
            .withName(object.getMetadata().getName())
            .withUid(object.getMetadata().getUid())
            .withResourceVersion(object.getMetadata().getResourceVersion())
            .build());
    return slim;
  }
}
