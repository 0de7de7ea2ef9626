package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.token.Authorization;
import io.vertx.core.Future;
import java.util.Optional;

/** Finished logins in the store that wait for the person's answer, by unguessable names. */
final class WaitingLogins {
  private final Repository<Authorization> waiting;

  WaitingLogins(KeyValueStore store) {
    this.waiting =
        new Repository<>(store, "waiting", Authorization::toJson, Authorization::fromJson);
  }

  Future<Void> add(String name, Authorization authorization) {
    return waiting.put(Digest.of(name), authorization, ConsentForm.LIFE);
  }

  /** What was waiting, for good: of two answers at most one counts. */
  Future<Optional<Authorization>> take(String name) {
    return waiting.take(Digest.of(name));
  }
}
