package dev.keyturn.given;

import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/** A store that remembers which keys it was asked about. */
public final class CountingStore extends DelegatingStore {
  private final FlowStore kept;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  CountingStore(FlowStore kept) {
    super(kept.store());
    this.kept = kept;
  }

  /** How many entries there are. */
  public int size() {
    return kept.size().getAsInt();
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
