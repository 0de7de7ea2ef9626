package dev.keyturn.client;

import io.vertx.core.Future;
import java.util.Optional;
import java.util.Set;

/** The clients of this server, found by {@code client_id}. */
@FunctionalInterface
public interface Clients {
  /** The client; empty if there is none of that name, or no more. */
  Future<Optional<Client>> find(String id);

  /**
   * Whether there is a client of that name still, asked for each of its access tokens: nothing that
   * takes long.
   */
  default Future<Boolean> isKnown(String id) {
    return find(id).map(Optional::isPresent);
  }

  /**
   * The same, where to find it may cost something.
   *
   * @param address of whoever asks for it, to count by
   */
  default Future<Optional<Client>> find(String id, String address) {
    return find(id);
  }

  /**
   * The client as it is to authenticate for a session that it may have: one that cannot be looked
   * at just now, or has just changed, is taken as it was.
   *
   * @param method by which it authenticates
   */
  default Future<Optional<Client>> findAgain(
      String id, Authentication.Method method, String address) {
    return find(id, address);
  }

  /** By which methods these clients authenticate. */
  default Set<Authentication.Method> methods() {
    return Set.of(Authentication.Method.NONE);
  }

  /** Notes that the client has just been given a token, so that its record lives on. */
  default Future<Void> keep(String id) {
    return Future.succeededFuture();
  }
}
