package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.util.Optional;

/** Links in the store that wait for the person's answer, by unguessable names. */
final class WaitingLinks {
  private final Repository<WaitingLink> waiting;
  private final Unguessable names;

  WaitingLinks(KeyValueStore store, SecureRandom random) {
    this.waiting = new Repository<>(store, "link", WaitingLink::toJson, WaitingLink::fromJson);
    this.names = new Unguessable(random);
  }

  /** Keeps it; tells its name. */
  Future<String> add(WaitingLink link) {
    var name = names.next();
    return waiting.put(Digest.of(name), link, Arrived.LINKING).map(name);
  }

  /** What was waiting, for good: of two answers at most one counts. */
  Future<Optional<WaitingLink>> take(String name) {
    return waiting.take(Digest.of(name));
  }
}
