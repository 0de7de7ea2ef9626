package dev.keyturn.given;

import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A memory store that remembers which keys it was asked about. */
public final class CountingStore extends DelegatingStore {
  private final MemoryStore memory;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  CountingStore(MemoryStore store) {
    super(store);
    this.memory = store;
  }

  /** How many entries there are. */
  public int size() {
    return memory.size();
  }

  /** The keys of all calls since {@link #forget}. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  public void forget() {
    asked.clear();
  }

  @Override
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    asked.add(key);
    return operation.get();
  }
}
