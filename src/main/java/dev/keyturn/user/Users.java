package dev.keyturn.user;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * The documents in the store, by the hash of {@code sub}.
 *
 * <p>Each is changed by compare-and-swap only: two logins of one person at once are both listed,
 * and none goes on by a decision that was revoked meanwhile.
 */
public final class Users {
  private static final int ATTEMPTS = 16;
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Repository<User> users;
  private final Clock clock;

  public Users(KeyValueStore store, Clock clock) {
    this.users = new Repository<>(store, "user", User::toJson, User::fromJson);
    this.clock = clock;
  }

  /** What is listed of somebody now. */
  public Future<User> find(String subject) {
    return users.get(key(subject)).map(this::alive);
  }

  /**
   * Changes what is listed of somebody.
   *
   * @param step is told what is listed, and again if it is something else when its change is to be
   *     written; so what it does besides must bear being done twice
   */
  public <T> Future<T> change(String subject, Function<User, Future<Step<T>>> step) {
    return change(subject, step, ATTEMPTS);
  }

  /** What is to be listed from now on, and what to answer when it is. */
  public record Step<T>(User next, T answer) {}

  private <T> Future<T> change(String subject, Function<User, Future<Step<T>>> step, int attempts) {
    return users
        .get(key(subject))
        .compose(
            found ->
                step.apply(alive(found))
                    .compose(
                        done ->
                            write(subject, found, done.next())
                                .compose(
                                    written ->
                                        written
                                            ? Future.succeededFuture(done.answer())
                                            : again(subject, step, attempts - 1))));
  }

  private <T> Future<T> again(String subject, Function<User, Future<Step<T>>> step, int attempts) {
    return attempts > 0
        ? change(subject, step, attempts)
        : Future.failedFuture(new UnavailableException("a user's document keeps changing", RETRY));
  }

  private Future<Boolean> write(String subject, Optional<Versioned<User>> found, User next) {
    if (next.equals(alive(found))) {
      return Future.succeededFuture(true);
    }
    var key = key(subject);
    var now = clock.instant();
    var life = next.endsAt().map(end -> Duration.between(now, end)).orElse(Duration.ZERO);
    if (life.isZero() || life.isNegative()) {
      return found
          .map(read -> users.delete(key, read.version()))
          .orElseGet(() -> Future.succeededFuture(true));
    }
    return found
        .map(read -> users.replace(key, read.version(), next, life))
        .orElseGet(() -> users.putIfAbsent(key, next, life));
  }

  private User alive(Optional<Versioned<User>> found) {
    return found.map(Versioned::value).orElse(User.NOBODY).at(clock.instant());
  }

  private static String key(String subject) {
    return Digest.of(subject);
  }
}
