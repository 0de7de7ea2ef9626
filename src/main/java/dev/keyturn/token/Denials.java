package dev.keyturn.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Access tokens that are no longer good although their signature and time are: single ones, or all
 * of a session.
 *
 * <p>There is one entry for each session that anything of was denied. A session is looked up in the
 * store at most every two seconds; the process that denies knows at once. While the store is away
 * the last answer holds for some time.
 */
public final class Denials {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  /** How long the last answer holds while the store is away, where nothing else is said. */
  public static final Duration MAX_STALE = Duration.ofMinutes(15);

  /** A token that was being made while the denial was written may be that much younger. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final int MAX_CACHED = 100_000;
  private static final int ATTEMPTS = 16;

  private final Repository<Denied> entries;
  private final Supplier<Duration> keep;
  private final Supplier<Duration> maxStale;
  private final Clock clock;
  private final Cache<String, Answer> answers =
      Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

  /**
   * @param keep the longest life of what may be about, access tokens and sessions that have not
   *     begun: after that a denial has nothing to deny
   */
  public Denials(KeyValueStore store, Supplier<Duration> keep, Clock clock) {
    this(store, keep, () -> MAX_STALE, clock);
  }

  /**
   * @param maxStale how long the last answer holds while the store is away
   */
  public Denials(
      KeyValueStore store, Supplier<Duration> keep, Supplier<Duration> maxStale, Clock clock) {
    this.maxStale = maxStale;
    this.entries = new Repository<>(store, "deny", Denied::toJson, Denied::fromJson);
    this.keep = keep;
    this.clock = clock;
  }

  /** Denies every access token of the session from now on. */
  Future<Void> deny(String sessionId) {
    var asked = clock.instant();
    return entries
        .put(sessionId, Denied.ALL, timeToKeep())
        .onSuccess(done -> remember(sessionId, new Answer(Denied.ALL, asked)));
  }

  /** Denies one access token from now on; the others of its session stay good. */
  Future<Void> deny(AccessToken token) {
    return deny(token, ATTEMPTS);
  }

  private Future<Void> deny(AccessToken token, int attempts) {
    var asked = clock.instant();
    var sessionId = token.sessionId();
    return entries
        .get(sessionId)
        .compose(
            found -> {
              var next = found.map(Versioned::value).orElse(Denied.NONE).with(token, asked);
              return write(sessionId, found, next)
                  .compose(written -> written ? Future.succeededFuture() : again(token, attempts))
                  .onSuccess(done -> remember(sessionId, new Answer(next, asked)));
            });
  }

  private Future<Boolean> write(String sessionId, Optional<Versioned<Denied>> found, Denied next) {
    return found
        .map(read -> entries.replace(sessionId, read.version(), next, timeToKeep()))
        .orElseGet(() -> entries.putIfAbsent(sessionId, next, timeToKeep()));
  }

  private Future<Void> again(AccessToken token, int attempts) {
    return attempts > 0
        ? deny(token, attempts - 1)
        : Future.failedFuture(new IllegalStateException("a denial changes without end"));
  }

  /** Whether the access token is denied, alone or with its session, as known here and now. */
  Future<Boolean> isDenied(AccessToken token) {
    var sessionId = token.sessionId();
    var known = Optional.ofNullable(answers.getIfPresent(sessionId));
    return known
        .filter(answer -> answer.isYoungerThan(LOOK_AGAIN, clock))
        .map(answer -> Future.succeededFuture(answer.denied()))
        .orElseGet(() -> look(sessionId).recover(away -> lastAnswer(known)))
        .map(denied -> denied.names(token));
  }

  /** Whether all of the session is denied in the store itself. */
  Future<Boolean> isDeniedInStore(String sessionId) {
    return look(sessionId).map(Denied::all);
  }

  /** Whether the access token is denied in the store itself. */
  Future<Boolean> isDeniedInStore(AccessToken token) {
    return look(token.sessionId()).map(denied -> denied.names(token));
  }

  private Future<Denied> look(String sessionId) {
    var asked = clock.instant();
    return entries
        .get(sessionId)
        .map(found -> found.map(Versioned::value).orElse(Denied.NONE))
        .onSuccess(denied -> remember(sessionId, new Answer(denied, asked)));
  }

  /** A denial is for good, so an answer that was on its way when it came must not undo it. */
  private void remember(String sessionId, Answer answer) {
    answers
        .asMap()
        .merge(
            sessionId,
            answer,
            (old, late) -> new Answer(old.denied.and(late.denied, late.at), late.at));
  }

  private Future<Denied> lastAnswer(Optional<Answer> known) {
    return known
        .filter(answer -> answer.isYoungerThan(maxStale.get(), clock))
        .map(answer -> Future.succeededFuture(answer.denied()))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new UnavailableException(
                        "the store cannot tell whether a session was revoked", LOOK_AGAIN)));
  }

  private Duration timeToKeep() {
    return keep.get().plus(SLACK);
  }

  private record Answer(Denied denied, Instant at) {
    boolean isYoungerThan(Duration age, Clock clock) {
      return clock.instant().isBefore(at.plus(age));
    }
  }
}
