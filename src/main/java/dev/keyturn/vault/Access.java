package dev.keyturn.vault;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;
import static dev.keyturn.oauth.ErrorCode.SERVER_ERROR;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The access tokens that requests of this process work with: opened ones, and those that all who
 * need a newer one wait for together.
 */
final class Access {
  private static final Duration KEEP_OPENED = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final int MAX_OPENED = 100_000;

  private final Workings workings;
  private final Renewals renewals;
  private final InUse inUse;
  private final Map<VaultKey, Future<Verdict>> refreshing = new ConcurrentHashMap<>();
  private final Cache<VaultKey, VaultEntry> opened =
      Caffeine.newBuilder().maximumSize(MAX_OPENED).expireAfterAccess(KEEP_OPENED).build();

  Access(Workings workings, Renewals renewals, InUse inUse) {
    this.workings = workings;
    this.renewals = renewals;
    this.inUse = inUse;
  }

  /** The entry with a token that is good now. */
  Future<VaultEntry> usable(VaultKey key) {
    inUse.used(key);
    var known = Optional.ofNullable(opened.getIfPresent(key)).filter(this::isFresh);
    if (known.isPresent()) {
      workings.unsettled().retry(key);
      return Future.succeededFuture(known.get());
    }
    return workings
        .unsettled()
        .read(key)
        .transform(
            result ->
                result.succeeded()
                    ? result.result().map(found -> fresh(key, found)).orElseGet(Access::gone)
                    : withoutStore(key, result.cause()));
  }

  /** The scopes, if a token lives or a newer one may be asked for; nobody is asked. */
  Future<Optional<Scopes>> granted(VaultKey key) {
    return workings
        .unsettled()
        .read(key)
        .map(
            found ->
                found
                    .map(Versioned::value)
                    .filter(entry -> !entry.state().dead())
                    .filter(entry -> !entry.isOver(now()) || renewals.mayRenew(key, entry))
                    .map(entry -> entry.tokens().scopes()));
  }

  /** Asks for a newer entry, together with everybody here who does. */
  Future<Verdict> refresh(VaultKey key, Demand demand) {
    var mine = Promise.<Verdict>promise();
    var running = refreshing.putIfAbsent(key, mine.future());
    if (running != null) {
      return running.compose(
          verdict ->
              verdict.entry().filter(entry -> !demand.met().test(entry)).isPresent()
                  ? refresh(key, demand)
                  : Future.succeededFuture(verdict));
    }
    renewals
        .renew(key, demand)
        .onSuccess(verdict -> note(key, verdict))
        .onComplete(
            result -> {
              refreshing.remove(key);
              mine.handle(result);
            });
    return mine.future();
  }

  /** Is over when no refresh is under way any more, however each ended. */
  Future<Void> rest() {
    return Future.join(List.copyOf(refreshing.values())).mapEmpty();
  }

  /** The old token goes on while it lives, unless the provider has said a definite no. */
  Future<VaultEntry> settle(Verdict verdict, VaultEntry old) {
    if (verdict.entry().isPresent()) {
      return Future.succeededFuture(verdict.entry().get());
    }
    return !verdict.is(Verdict.Kind.DEAD) && !old.isOver(now())
        ? Future.succeededFuture(old)
        : switch (verdict.kind()) {
          case UNUSABLE -> unusable();
          case AWAY -> away(verdict);
          default -> gone();
        };
  }

  /** What is open is read again before it is used again. */
  void close(VaultKey key) {
    opened.invalidate(key);
  }

  static <T> Future<T> away(Verdict verdict) {
    return Future.failedFuture(
        new UnavailableException(
            "the upstream token cannot be refreshed now",
            verdict.retryAfter().isZero() ? RETRY : verdict.retryAfter()));
  }

  static <T> Future<T> unusable() {
    return Future.failedFuture(
        new OAuthException(
            SERVER_ERROR
                .because("the identity provider of this session gave no usable answer")
                .error()
                .withStatus(502)));
  }

  static <T> Future<T> gone() {
    return Future.failedFuture(INVALID_TOKEN.because("log in again"));
  }

  private Future<VaultEntry> fresh(VaultKey key, Versioned<VaultEntry> found) {
    var entry = found.value();
    if (entry.state().dead()) {
      close(key);
      return gone();
    }
    if (isFresh(entry)) {
      opened.put(key, entry.opened());
      inUse.opened(key, entry);
      inUse.used(key);
      return Future.succeededFuture(entry);
    }
    return refresh(key, Demand.usual(now())).compose(verdict -> settle(verdict, entry));
  }

  private void note(VaultKey key, Verdict verdict) {
    verdict
        .entry()
        .ifPresent(
            entry -> {
              opened.put(key, entry.opened());
              inUse.opened(key, entry);
            });
    if (verdict.is(Verdict.Kind.DEAD)) {
      close(key);
    }
  }

  /** What is still open goes on while it lives: a store that is away says nothing about it. */
  private Future<VaultEntry> withoutStore(VaultKey key, Throwable failure) {
    return Optional.ofNullable(opened.getIfPresent(key))
        .or(() -> workings.unsettled().view(key).filter(view -> !view.state().dead()))
        .filter(entry -> !entry.isOver(now()))
        .map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(failure));
  }

  private boolean isFresh(VaultEntry entry) {
    return !entry.isDue(now());
  }

  private Instant now() {
    return workings.now();
  }
}
