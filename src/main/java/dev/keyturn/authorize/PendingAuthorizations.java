package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/** The pending authorizations in the store, by our {@code state}. */
final class PendingAuthorizations {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final Repository<PendingAuthorization> pending;

  PendingAuthorizations(KeyValueStore store) {
    this.pending =
        new Repository<>(
            store, "pending", PendingAuthorization::toJson, PendingAuthorization::fromJson);
  }

  Future<Void> add(String state, PendingAuthorization authorization) {
    return pending.put(Digest.of(state), authorization, LIFE);
  }

  /** The pending authorization, still pending. */
  Future<Optional<PendingAuthorization>> find(String state) {
    return pending.get(Digest.of(state)).map(found -> found.map(Versioned::value));
  }

  /** The pending authorization, for good: of two callbacks at most one is given it. */
  Future<Optional<PendingAuthorization>> finish(String state) {
    return pending.take(Digest.of(state));
  }
}
