package dev.keyturn.vault;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.Versioned;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Trades refresh tokens for new tokens, and keeps the answers whatever else happens to the entry.
 *
 * <p>By answering, a provider may have spent the refresh token, so no answer is thrown away: one
 * that the store does not take is served from memory and stored as soon as it can be.
 */
final class Renewals {
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration KEEP_UNSTORED = Duration.ofHours(24);
  private static final int MAX_UNSTORED = 10_000;

  /** The person must log in again, or may no longer. */
  private static final Set<ErrorCode> DEFINITE = Set.of(INVALID_GRANT, ACCESS_DENIED);

  private final VaultEntries entries;
  private final Supplier<Map<String, Upstream>> upstreams;
  private final Clock clock;
  private final Cache<VaultKey, Answer> unstored =
      Caffeine.newBuilder().maximumSize(MAX_UNSTORED).expireAfterWrite(KEEP_UNSTORED).build();

  Renewals(VaultEntries entries, Supplier<Map<String, Upstream>> upstreams, Clock clock) {
    this.entries = entries;
    this.upstreams = upstreams;
    this.clock = clock;
  }

  /**
   * The entry with new tokens, or with those of a login that was faster. A definite no of the
   * provider deletes the entry and fails with {@code invalid_token}.
   */
  Future<VaultEntry> renew(VaultKey key, Versioned<VaultEntry> found) {
    var spent = found.value();
    return ask(key, spent)
        .transform(
            result -> {
              if (result.succeeded()) {
                var next = new VaultEntry(spent.identity(), result.result());
                return store(key, new Answer(spent, next, clock.instant()));
              }
              return isDefiniteNo(result.cause())
                  ? forget(key, found)
                  : Future.failedFuture(result.cause());
            });
  }

  /** Stores an answer that the store did not take before. */
  Future<Void> settle(VaultKey key) {
    var answer = unstored.getIfPresent(key);
    return answer == null ? Future.succeededFuture() : write(key, answer).mapEmpty();
  }

  /** Tries to store such an answer, now and then, for somebody who does not wait for it. */
  void retry(VaultKey key) {
    var answer = unstored.getIfPresent(key);
    if (answer != null && !clock.instant().isBefore(answer.tried().plus(RETRY))) {
      var again = new Answer(answer.spent(), answer.next(), clock.instant());
      if (unstored.asMap().replace(key, answer, again)) {
        write(key, again);
      }
    }
  }

  /** Drops an answer that was to be stored. */
  void drop(VaultKey key) {
    unstored.invalidate(key);
  }

  /** An answer that is not stored yet. */
  Optional<VaultEntry> unstored(VaultKey key) {
    return Optional.ofNullable(unstored.getIfPresent(key)).map(Answer::next);
  }

  private Future<UpstreamTokens> ask(VaultKey key, VaultEntry spent) {
    return Optional.ofNullable(upstreams.get().get(key.upstream()))
        .map(upstream -> upstream.refresh(spent.tokens(), spent.identity()))
        .orElseGet(Renewals::gone);
  }

  private Future<VaultEntry> store(VaultKey key, Answer answer) {
    return write(key, answer)
        .transform(
            result -> {
              if (result.failed()) {
                unstored.put(key, answer);
                return Future.succeededFuture(answer.next());
              }
              return result.result().map(Future::succeededFuture).orElseGet(Renewals::gone);
            });
  }

  private Future<Optional<VaultEntry>> write(VaultKey key, Answer answer) {
    return entries
        .change(key, now -> now.map(answer::over))
        .onSuccess(written -> unstored.asMap().remove(key, answer));
  }

  /** A login that came meanwhile has nothing to do with this refusal. */
  private Future<VaultEntry> forget(VaultKey key, Versioned<VaultEntry> found) {
    return entries
        .delete(key, found.version())
        .compose(
            deleted ->
                deleted
                    ? Future.succeededFuture(Optional.<Versioned<VaultEntry>>empty())
                    : entries.read(key))
        .otherwise(away -> Optional.empty())
        .compose(
            now ->
                now.map(Versioned::value)
                    .filter(entry -> !entry.isDue(clock.instant()))
                    .map(Future::succeededFuture)
                    .orElseGet(Renewals::gone));
  }

  private static boolean isDefiniteNo(Throwable failure) {
    return failure instanceof OAuthException refusal && DEFINITE.contains(refusal.error().code());
  }

  private static <T> Future<T> gone() {
    return Future.failedFuture(INVALID_TOKEN.because("log in again"));
  }

  /**
   * What a provider answered.
   *
   * @param spent the entry whose refresh token was redeemed
   * @param tried when it was last tried to store it
   */
  private record Answer(VaultEntry spent, VaultEntry next, Instant tried) {
    /** What is to be stored over {@code now}. */
    VaultEntry over(VaultEntry now) {
      if (now.equals(spent)) {
        return next;
      }
      var sameToken = now.tokens().refreshToken().equals(spent.tokens().refreshToken());
      return sameToken ? now.withRefreshToken(next.tokens().refreshToken()) : now;
    }
  }
}
