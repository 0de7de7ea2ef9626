package dev.keyturn.vault;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The store as a process sees it that dies at one step of its refresh: from then on nothing that it
 * asks for is done, and nothing is answered.
 */
final class Mortal extends DelegatingStore {
  private final Optional<DeathPoint> point;
  private int written;
  private boolean dead;

  Mortal(KeyValueStore store, Optional<DeathPoint> point) {
    super(store);
    this.point = point;
  }

  /** The process has come so far; tells whether it is dead now. */
  boolean reached(DeathPoint here) {
    dead |= point.filter(here::equals).isPresent();
    return dead;
  }

  @Override
  protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
    return dead ? never() : operation.get();
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return key.startsWith("vault-lease/")
        ? around(
            DeathPoint.LEASE_ASKED,
            DeathPoint.LEASE_TAKEN,
            () -> super.putIfAbsent(key, value, ttl))
        : super.putIfAbsent(key, value, ttl);
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    Supplier<Future<Boolean>> write = () -> super.replace(key, version, next, ttl);
    return switch (written++) {
      case 0 -> around(DeathPoint.INTENT_ASKED, DeathPoint.INTENT_WRITTEN, write);
      case 1 -> around(DeathPoint.ANSWERED, DeathPoint.ANSWER_WRITTEN, write);
      default -> around(DeathPoint.JUDGED, DeathPoint.IN_FORCE, write);
    };
  }

  private <T> Future<T> around(DeathPoint before, DeathPoint after, Supplier<Future<T>> operation) {
    if (dead || reached(before)) {
      return never();
    }
    var done = operation.get();
    return reached(after) ? never() : done;
  }

  private static <T> Future<T> never() {
    return Promise.<T>promise().future();
  }
}
