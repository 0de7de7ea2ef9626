package dev.keyturn.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.jwk.JWK;
import dev.keyturn.http.CacheLifetime;
import dev.keyturn.http.FetchFailure;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.http.GuardedFetch.Fetched;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The keys that clients publish at a {@code jwks_uri}, kept as long as their headers allow.
 *
 * <p>Whoever sends an assertion chooses its {@code kid}, so an unknown one causes a request only
 * now and then. While a host is away, what it published last is good for a day more.
 */
public final class PublishedKeys {
  private static final Duration BETWEEN = Duration.ofSeconds(30);
  private static final Duration FAILED = Duration.ofMinutes(1);
  private static final int MAX_SETS = 1_000;

  private final GuardedFetch fetch;
  private final Duration usual;
  private final Clock clock;
  private final Cache<String, Held> held =
      Caffeine.newBuilder().maximumSize(MAX_SETS).executor(Runnable::run).build();

  /**
   * @param usual how long they are kept where the headers do not say
   */
  public PublishedKeys(GuardedFetch fetch, Duration usual, Clock clock) {
    this.fetch = fetch;
    this.usual = usual;
    this.clock = clock;
  }

  /** The keys at {@code url}, fetched if there are none or they are too old. */
  Future<List<JWK>> current(URI url, String address) {
    var known = known(url);
    if (known.filter(keys -> clock.instant().isBefore(keys.until)).isEmpty()) {
      return fetched(url, address);
    }
    return known.get().answer();
  }

  /** The keys at {@code url} as they are now; empty if they were fetched just now. */
  Future<Optional<List<JWK>>> afresh(URI url, String address) {
    return known(url)
            .filter(keys -> clock.instant().isBefore(keys.triedAt.plus(BETWEEN)))
            .isPresent()
        ? Future.succeededFuture(Optional.empty())
        : fetched(url, address).map(Optional::of);
  }

  private Future<List<JWK>> fetched(URI url, String address) {
    return fetch
        .get(url, address)
        .map(answer -> keep(url, answer))
        .recover(cause -> lastGood(url, cause));
  }

  private List<JWK> keep(URI url, Fetched answer) {
    var now = clock.instant();
    var keys = parse(url, answer);
    var until = now.plus(CacheLifetime.of(answer.headers(), usual));
    held.put(
        url.toString(), new Held(keys, Optional.empty(), now, until, now.plus(CacheLifetime.MOST)));
    return keys;
  }

  private static List<JWK> parse(URI url, Fetched answer) {
    try {
      return PublicKeys.parse(answer.body());
    } catch (IllegalArgumentException e) {
      throw new UnusableDocument(url, UnusableDocument.Fault.KEYS);
    }
  }

  private Future<List<JWK>> lastGood(URI url, Throwable cause) {
    var failure = UnusableDocument.of(url, cause);
    var now = clock.instant();
    var known = known(url).filter(keys -> now.isBefore(keys.goodUntil));
    var next =
        failure.isPassing() && known.isPresent()
            ? known.get().again(now, now.plus(FAILED))
            : new Held(List.of(), Optional.of(failure), now, now.plus(FAILED), Instant.MIN);
    if (!isOurs(cause)) {
      held.put(url.toString(), next);
    }
    return next.answer();
  }

  /** Whether it was us who would not fetch, which says nothing about what is there. */
  private static boolean isOurs(Throwable cause) {
    return cause instanceof FetchFailure failure && failure.reason().isOurs();
  }

  private Optional<Held> known(URI url) {
    return Optional.ofNullable(held.getIfPresent(url.toString()));
  }

  /** What is known of one URL: keys, or why there are none. */
  private record Held(
      List<JWK> keys,
      Optional<UnusableDocument> failure,
      Instant triedAt,
      Instant until,
      Instant goodUntil) {
    Held again(Instant now, Instant next) {
      return new Held(keys, failure, now, next, goodUntil);
    }

    Future<List<JWK>> answer() {
      return failure
          .<Future<List<JWK>>>map(Future::failedFuture)
          .orElseGet(() -> Future.succeededFuture(keys));
    }
  }
}
