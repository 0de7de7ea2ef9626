package dev.keyturn.user;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Strikes sessions off the list of their person that have ended.
 *
 * <p>Many of one person may end at once. Who comes while somebody is at that list leaves theirs to
 * them, so that they do not keep each other from writing. One that could not be struck off comes to
 * its end by time.
 */
public final class Strikes {
  private final Users users;
  private final Map<String, Set<String>> waiting = new HashMap<>();

  public Strikes(Users users) {
    this.users = users;
  }

  /** Is over when it is struck off, or somebody else is at it. */
  public Future<Void> strike(String subject, String sessionId) {
    synchronized (waiting) {
      var others = waiting.get(subject);
      if (others != null) {
        others.add(sessionId);
        return Future.succeededFuture();
      }
      waiting.put(subject, new HashSet<>(Set.of(sessionId)));
    }
    return strikeAll(subject);
  }

  private Future<Void> strikeAll(String subject) {
    var ids = some(subject);
    return users
        .change(
            subject,
            user -> Future.succeededFuture(new Users.Step<>(user.withoutSessions(ids), ids)))
        .onFailure(failure -> forget(subject))
        .compose(struck -> isDone(subject, struck) ? Future.succeededFuture() : strikeAll(subject));
  }

  private Set<String> some(String subject) {
    synchronized (waiting) {
      return Set.copyOf(waiting.getOrDefault(subject, Set.of()));
    }
  }

  private boolean isDone(String subject, Set<String> struck) {
    synchronized (waiting) {
      var left = new HashSet<>(waiting.getOrDefault(subject, Set.of()));
      left.removeAll(struck);
      if (left.isEmpty()) {
        waiting.remove(subject);
      } else {
        waiting.put(subject, left);
      }
      return left.isEmpty();
    }
  }

  private void forget(String subject) {
    synchronized (waiting) {
      waiting.remove(subject);
    }
  }
}
