package dev.keyturn.token;

import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The sessions in the store, by {@code sid}. */
public final class Sessions {
  private static final int ATTEMPTS = 16;

  private final Repository<Session> sessions;
  private final Denials denials;
  private final Lifespans lifespans;
  private final Clock clock;
  private final Consumer<Session> ended;

  public Sessions(KeyValueStore store, Denials denials, Lifespans lifespans, Clock clock) {
    this(store, denials, lifespans, clock, session -> {});
  }

  /**
   * @param ended is told of each session that has ended before its time, in the one process that
   *     ended it; it must not fail, and nobody waits for what it does
   */
  public Sessions(
      KeyValueStore store,
      Denials denials,
      Lifespans lifespans,
      Clock clock,
      Consumer<Session> ended) {
    this.ended = ended;
    this.sessions = new Repository<>(store, "session", Session::toJson, Session::fromJson);
    this.denials = denials;
    this.lifespans = lifespans;
    this.clock = clock;
  }

  /**
   * Begins a session; false if it was begun, or stopped from beginning, before.
   *
   * <p>{@link #end} denies first and looks for the session then, and this writes first and looks
   * for the denial then: whichever way they interleave, one of them sees the other.
   */
  Future<Boolean> begin(Session session) {
    var id = session.authorization().sessionId();
    return sessions
        .putIfAbsent(id, session, timeToKeep(session))
        .compose(begun -> denials.isDeniedInStore(id).compose(denied -> unless(denied, id, begun)));
  }

  /** A session that was stopped is written as ended: whoever looks for it finds nothing. */
  private Future<Boolean> unless(boolean denied, String id, boolean begun) {
    return denied ? end(id, ATTEMPTS).map(false) : Future.succeededFuture(begun);
  }

  /** The session, unless there is none or it has ended. */
  public Future<Optional<Session>> find(String sessionId) {
    return read(sessionId)
        .map(found -> found.map(Versioned::value).filter(session -> !session.ended()));
  }

  /** Whether a session that has not begun, and is on nobody's list of ended ones, may do so. */
  public Future<Boolean> mayBegin(String sessionId) {
    return denials.isDeniedInStore(sessionId).map(denied -> !denied);
  }

  /** The session as it stands, ended or not. */
  Future<Optional<Versioned<Session>>> read(String sessionId) {
    return sessions
        .get(sessionId)
        .map(found -> found.filter(entry -> clock.instant().isBefore(entry.value().endsAt())));
  }

  /** Writes a changed session over the version that was read; tells whether it wrote. */
  Future<Boolean> replace(Versioned<Session> read, Session next) {
    return sessions.replace(
        next.authorization().sessionId(), read.version(), next, timeToKeep(next));
  }

  /**
   * Ends a session: no token of it is good from now on, and if it has not begun yet, it never will.
   */
  public Future<Void> end(String sessionId) {
    return denials.deny(sessionId).compose(denied -> end(sessionId, ATTEMPTS));
  }

  /**
   * Lets a session go on as long as its access tokens live, and no longer: whoever refreshes is
   * sent to log in.
   */
  public Future<Void> closeRefresh(String sessionId) {
    return closeRefresh(sessionId, ATTEMPTS);
  }

  private Future<Void> closeRefresh(String sessionId, int attempts) {
    return sessions
        .get(sessionId)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().value().family().isEmpty()) {
                return Future.succeededFuture();
              }
              return replace(found.get(), found.get().value().withoutRefresh())
                  .compose(
                      written ->
                          written
                              ? Future.succeededFuture()
                              : again(attempts, () -> closeRefresh(sessionId, attempts - 1)));
            });
  }

  private Future<Void> end(String sessionId, int attempts) {
    return sessions
        .get(sessionId)
        .compose(
            found -> {
              if (found.isEmpty() || found.get().value().ended()) {
                return Future.succeededFuture();
              }
              var session = found.get().value();
              return replace(found.get(), session.over())
                  .compose(
                      written ->
                          written
                              ? tell(session)
                              : again(attempts, () -> end(sessionId, attempts - 1)));
            });
  }

  private Future<Void> tell(Session session) {
    ended.accept(session);
    return Future.succeededFuture();
  }

  private static Future<Void> again(int attempts, Supplier<Future<Void>> more) {
    return attempts > 0
        ? more.get()
        : Future.failedFuture(new IllegalStateException("a session changes without end"));
  }

  /** As long as any of its tokens may still be good. */
  private Duration timeToKeep(Session session) {
    var now = clock.instant();
    var accessEnds = now.plus(lifespans.accessToken());
    var lastEnds =
        session.family().map(Family::expiresAt).filter(accessEnds::isBefore).orElse(accessEnds);
    var end = lastEnds.isBefore(session.endsAt()) ? lastEnds : session.endsAt();
    return Duration.between(now, end.isBefore(now) ? now : end);
  }
}
