package dev.keyturn.given;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Random;
import java.util.function.Supplier;

/**
 * The store as one replica sees it: each operation, and its answer, is a step that waits its turn.
 * Now and then one is not carried out, or is carried out and the answer does not arrive.
 */
public final class ReplicaStore extends DelegatingStore {
  private final Steps steps;
  private final Object owner;
  private final Random chance;
  private final Supplier<Integer> faults;

  /**
   * @param faults one operation of so many goes wrong; 0: none
   */
  public ReplicaStore(
      KeyValueStore store, Steps steps, Object owner, Random chance, Supplier<Integer> faults) {
    super(store);
    this.steps = steps;
    this.owner = owner;
    this.chance = chance;
    this.faults = faults;
  }

  @Override
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    var promise = Promise.<T>promise();
    steps.add(
        owner,
        () -> {
          var fault = faults.get() > 0 && chance.nextInt(faults.get()) == 0;
          var done = fault && chance.nextBoolean() ? Future.<T>succeededFuture() : operation.get();
          steps.add(
              owner,
              () -> {
                if (fault) {
                  promise.fail(new UnavailableException("lost", Duration.ofSeconds(1)));
                } else {
                  done.onComplete(promise);
                }
              });
        });
    return promise.future();
  }
}
