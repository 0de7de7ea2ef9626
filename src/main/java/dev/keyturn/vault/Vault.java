package dev.keyturn.vault;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.Versioned;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Keeps upstream tokens, and hands out an access token that is good.
 *
 * <p>An access token is refreshed when it is due, once for all requests of this process that wait
 * for it. A definite refusal of the provider makes the entry dead; while the provider is away the
 * old token goes on as long as it lives.
 */
public final class Vault {
  private static final Duration KEEP_OPENED = Duration.ofSeconds(60);
  private static final Duration RETRY = Duration.ofSeconds(30);
  private static final int MAX_OPENED = 100_000;

  private final VaultEntries entries;
  private final Renewals renewals;
  private final Clock clock;
  private final Map<VaultKey, Future<VaultEntry>> refreshing = new ConcurrentHashMap<>();
  private final Cache<VaultKey, VaultEntry> opened =
      Caffeine.newBuilder().maximumSize(MAX_OPENED).expireAfterAccess(KEEP_OPENED).build();

  /**
   * @param upstreams those of the moment, by name
   */
  public Vault(VaultEntries entries, Supplier<Map<String, Upstream>> upstreams, Clock clock) {
    this.entries = entries;
    this.renewals = new Renewals(entries, upstreams, clock);
    this.clock = clock;
  }

  /**
   * Keeps what a login brought; a login without a refresh token keeps the one that is there.
   *
   * @param key of the very account that logged in
   */
  public Future<Void> keep(VaultKey key, UpstreamLogin login) {
    if (!key.isOf(login.identity())) {
      return Future.failedFuture(new IllegalArgumentException("a login of another account"));
    }
    var brought = new VaultEntry(login.identity(), login.tokens());
    return renewals
        .settle(key)
        .compose(settled -> entries.change(key, old -> Optional.of(brought.after(old))))
        .onSuccess(kept -> opened.invalidate(key))
        .mapEmpty();
  }

  /**
   * Forgets the tokens of an account. Another process goes on with one that it has opened for a
   * minute after its last use at most, or until it expires.
   */
  public Future<Void> forget(VaultKey key) {
    return entries
        .forget(key)
        .onSuccess(
            gone -> {
              renewals.drop(key);
              opened.invalidate(key);
            });
  }

  /** The access token of {@link #usable}. */
  public Future<String> accessToken(VaultKey key) {
    return usable(key).map(UsableToken::value);
  }

  /**
   * An upstream access token that is good now.
   *
   * <p>Fails with {@code invalid_token} if the login upstream is gone and the person must log in
   * again, and with {@code UnavailableException} if it cannot be told or refreshed now.
   */
  public Future<UsableToken> usable(VaultKey key) {
    var known = Optional.ofNullable(opened.getIfPresent(key)).filter(this::isFresh);
    if (known.isPresent()) {
      renewals.retry(key);
      return Future.succeededFuture(known.get().usable());
    }
    return read(key)
        .transform(
            result ->
                result.succeeded()
                    ? result.result().map(found -> fresh(key, found)).orElseGet(Vault::gone)
                    : withoutStore(key, result.cause()))
        .map(VaultEntry::usable);
  }

  private Future<Optional<Versioned<VaultEntry>>> read(VaultKey key) {
    return renewals.settle(key).compose(settled -> entries.read(key));
  }

  private Future<VaultEntry> fresh(VaultKey key, Versioned<VaultEntry> found) {
    var entry = found.value();
    if (isFresh(entry)) {
      opened.put(key, entry.opened());
      return Future.succeededFuture(entry);
    }
    return entry.tokens().refreshToken().isPresent()
        ? refreshOnce(key).recover(failure -> old(key, entry, failure))
        : old(key, entry, INVALID_TOKEN.because("log in again"));
  }

  private Future<VaultEntry> refreshOnce(VaultKey key) {
    var mine = Promise.<VaultEntry>promise();
    var running = refreshing.putIfAbsent(key, mine.future());
    if (running != null) {
      return running;
    }
    Future.succeededFuture(key)
        .compose(this::read)
        .compose(found -> found.map(entry -> refresh(key, entry)).orElseGet(Vault::gone))
        .onComplete(
            result -> {
              refreshing.remove(key);
              mine.handle(result);
            });
    return mine.future();
  }

  private Future<VaultEntry> refresh(VaultKey key, Versioned<VaultEntry> found) {
    var known = isFresh(found.value()); // Then somebody else was faster.
    return (known ? Future.succeededFuture(found.value()) : renewals.renew(key, found))
        .onSuccess(entry -> opened.put(key, entry.opened()))
        .onFailure(failure -> closeIfDead(key, failure));
  }

  private void closeIfDead(VaultKey key, Throwable failure) {
    if (failure instanceof OAuthException) {
      opened.invalidate(key);
    }
  }

  /** The old token goes on while it lives, unless the provider has said a definite no. */
  private Future<VaultEntry> old(VaultKey key, VaultEntry entry, Throwable failure) {
    var dead = failure instanceof OAuthException && entry.tokens().refreshToken().isPresent();
    if (!dead && !entry.isOver(clock.instant())) {
      return Future.succeededFuture(entry);
    }
    return failure instanceof OAuthException || failure instanceof UnavailableException
        ? Future.failedFuture(failure)
        : Future.failedFuture(
            new UnavailableException(
                "upstream " + key.upstream() + " gave no usable answer", RETRY));
  }

  /** What is still open goes on while it lives: a store that is away says nothing about it. */
  private Future<VaultEntry> withoutStore(VaultKey key, Throwable failure) {
    return Optional.ofNullable(opened.getIfPresent(key))
        .or(() -> renewals.unstored(key))
        .filter(entry -> !entry.isOver(clock.instant()))
        .map(Future::succeededFuture)
        .orElseGet(() -> Future.failedFuture(failure));
  }

  private boolean isFresh(VaultEntry entry) {
    return !entry.isDue(clock.instant());
  }

  private static <T> Future<T> gone() {
    return Future.failedFuture(INVALID_TOKEN.because("log in again"));
  }
}
