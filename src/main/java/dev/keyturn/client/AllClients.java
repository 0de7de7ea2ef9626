package dev.keyturn.client;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Several kinds of clients as one; the kind that stands first wins.
 *
 * <p>Later kinds are not asked once a client is found, so that those of the configuration do not
 * depend on the store.
 */
public record AllClients(List<Clients> kinds) implements Clients {
  public AllClients {
    kinds = List.copyOf(kinds);
  }

  @Override
  public Future<Optional<Client>> find(String id) {
    return findFrom(0, kind -> kind.find(id));
  }

  @Override
  public Future<Optional<Client>> find(String id, String address) {
    return findFrom(0, kind -> kind.find(id, address));
  }

  @Override
  public Future<Optional<Client>> findAgain(
      String id, Authentication.Method method, String address) {
    return findFrom(0, kind -> kind.findAgain(id, method, address));
  }

  @Override
  public Future<Boolean> isKnown(String id) {
    return isKnownFrom(0, id);
  }

  @Override
  public Set<Authentication.Method> methods() {
    return kinds.stream().flatMap(kind -> kind.methods().stream()).collect(Collectors.toSet());
  }

  @Override
  public Future<Void> keep(String id) {
    return Future.all(kinds.stream().map(kind -> kind.keep(id)).toList()).mapEmpty();
  }

  private Future<Boolean> isKnownFrom(int index, String id) {
    return index == kinds.size()
        ? Future.succeededFuture(false)
        : kinds
            .get(index)
            .isKnown(id)
            .compose(known -> known ? Future.succeededFuture(true) : isKnownFrom(index + 1, id));
  }

  private Future<Optional<Client>> findFrom(
      int index, Function<Clients, Future<Optional<Client>>> look) {
    return index == kinds.size()
        ? Future.succeededFuture(Optional.empty())
        : look.apply(kinds.get(index))
            .compose(
                found ->
                    found.isPresent() ? Future.succeededFuture(found) : findFrom(index + 1, look));
  }
}
