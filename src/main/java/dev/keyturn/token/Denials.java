package dev.keyturn.token;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Sessions whose access tokens are no longer good although their signature and time are.
 *
 * <p>A session is looked up in the store at most every two seconds; the process that denies knows
 * at once. While the store is away the last answer holds, for a quarter of an hour.
 */
public final class Denials {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
  private static final Duration MAX_STALE = Duration.ofMinutes(15);

  /** A token that was being made while the denial was written may be that much younger. */
  private static final Duration SLACK = Duration.ofMinutes(1);

  private static final int MAX_CACHED = 100_000;
  private static final Buffer DENIED = Buffer.buffer("1");

  private final KeyValueStore store;
  private final Supplier<Duration> keep;
  private final Clock clock;
  private final Cache<String, Answer> answers =
      Caffeine.newBuilder().maximumSize(MAX_CACHED).build();

  /**
   * @param keep the longest life of an access token that may be about: after that a denial has
   *     nothing to deny
   */
  public Denials(KeyValueStore store, Supplier<Duration> keep, Clock clock) {
    this.store = store;
    this.keep = keep;
    this.clock = clock;
  }

  /** Denies every access token of the session from now on. */
  Future<Void> deny(String sessionId) {
    var asked = clock.instant();
    return store
        .put(key(sessionId), DENIED, keep.get().plus(SLACK))
        .onSuccess(done -> remember(sessionId, new Answer(true, asked)));
  }

  /** Whether the session's access tokens are denied, as known here and now. */
  Future<Boolean> isDenied(String sessionId) {
    var known = Optional.ofNullable(answers.getIfPresent(sessionId));
    return known.filter(answer -> answer.isYoungerThan(LOOK_AGAIN, clock)).isPresent()
        ? Future.succeededFuture(known.get().denied())
        : isDeniedInStore(sessionId).recover(away -> lastAnswer(known));
  }

  /** Whether the session is denied in the store itself. */
  Future<Boolean> isDeniedInStore(String sessionId) {
    var asked = clock.instant();
    return store
        .get(key(sessionId))
        .map(Optional<Versioned<Buffer>>::isPresent)
        .onSuccess(denied -> remember(sessionId, new Answer(denied, asked)));
  }

  /** A denial is for good, so an answer that was on its way when it came must not undo it. */
  private void remember(String sessionId, Answer answer) {
    answers
        .asMap()
        .merge(sessionId, answer, (old, late) -> new Answer(old.denied || late.denied, late.at));
  }

  private Future<Boolean> lastAnswer(Optional<Answer> known) {
    return known
        .filter(answer -> answer.isYoungerThan(MAX_STALE, clock))
        .map(answer -> Future.succeededFuture(answer.denied()))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new UnavailableException(
                        "the store cannot tell whether a session was revoked", LOOK_AGAIN)));
  }

  private static String key(String sessionId) {
    return "deny/" + sessionId;
  }

  private record Answer(boolean denied, Instant at) {
    boolean isYoungerThan(Duration age, Clock clock) {
      return clock.instant().isBefore(at.plus(age));
    }
  }
}
