package dev.keyturn.store.redis;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The connections of one event loop to one server, of which the least busy one is used.
 *
 * <p>When the password changes, new ones come with the new one; old ones go on until a new one is
 * there, so that it does not matter who learns of the change first. For that event loop only.
 */
final class Links {
  /** A change that waits for replicas keeps all behind it waiting, so there are several. */
  private static final int MOST = 8;

  private final Address address;
  private final Dial dial;
  private final Supplier<Credentials> credentials;
  private final List<Held> held = new ArrayList<>();
  private Optional<Future<Link>> opening = Optional.empty();
  private int arriving;
  private boolean closed;

  Links(Address address, Dial dial, Supplier<Credentials> credentials) {
    this.address = address;
    this.dial = dial;
    this.credentials = credentials;
  }

  /** One to send an operation on; fails with {@link TroubleException}. */
  Future<Link> link() {
    held.removeIf(one -> !one.link().isOpen());
    var best = held.stream().map(Held::link).min(Comparator.comparingInt(Link::waiting));
    var free = best.filter(link -> link.waiting() < Link.MOST);
    if (held.size() < MOST && best.filter(link -> link.waiting() == 0).isEmpty()) {
      var opened = opened();
      return free.map(Future::succeededFuture).orElseGet(() -> waited(opened));
    }
    return free.map(Future::succeededFuture).orElseGet(this::crowded);
  }

  /** Replaces those that were opened with what opened the server before. */
  void renew() {
    if (held.stream().anyMatch(one -> one.generation() != credentials.get().generation())) {
      opened();
    }
  }

  Future<?> close() {
    closed = true;
    return Future.join(held.stream().map(one -> one.link().close()).toList());
  }

  /** Many may wait for one that is opened just now, and are then too many for it. */
  private Future<Link> waited(Future<Link> opened) {
    if (arriving >= Link.MOST * MOST) {
      return crowded();
    }
    arriving++;
    return opened.onComplete(done -> arriving--).compose(link -> link());
  }

  private Future<Link> crowded() {
    return Future.failedFuture(TroubleException.refused(Trouble.CROWDED, address));
  }

  /** One more; whoever asks meanwhile waits for the same. */
  private Future<Link> opened() {
    if (opening.isEmpty()) {
      var now = credentials.get();
      var next = open(now);
      opening = Optional.of(next);
      next.onComplete(done -> opening = Optional.empty());
      next.onSuccess(link -> hold(link, now.generation()));
      return next;
    }
    return opening.get();
  }

  /** Where the new password does not open it yet, the one before may. */
  private Future<Link> open(Credentials now) {
    return dial.server(address, now.current())
        .recover(
            failure ->
                failure instanceof TroubleException known
                        && known.trouble().isOfUser()
                        && now.previous().isPresent()
                    ? dial.server(address, now.previous().get())
                    : Future.failedFuture(failure));
  }

  private void hold(Link link, int generation) {
    if (closed) {
      link.close();
      return;
    }
    held.stream().filter(one -> one.generation() != generation).forEach(old -> old.link().retire());
    held.removeIf(one -> one.generation() != generation);
    held.add(new Held(link, generation));
    renew();
  }

  /**
   * One of them.
   *
   * @param generation of the credentials that were the newest when it was opened
   */
  private record Held(Link link, int generation) {}
}
