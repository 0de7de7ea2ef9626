package dev.keyturn.client;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.http.CacheLifetime;
import dev.keyturn.http.FetchFailure;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.http.GuardedFetch.Fetched;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Clients' metadata documents, fetched where need be and kept as long as their headers allow.
 *
 * <p>What failed is not tried again for a minute. Failures are kept apart from documents, so that
 * whoever names a thousand URLs drives out other failures, and no document.
 */
public final class DocumentCache {
  private static final Duration FAILED = Duration.ofMinutes(1);

  private final GuardedFetch fetch;
  private final DocumentReader reader;
  private final Duration usual;
  private final Cache<String, Good> good;
  private final Cache<String, Bad> bad;
  private final Audit audit;
  private final Clock clock;

  /**
   * @param schemes private-use schemes without a dot that redirect URIs may have
   */
  public DocumentCache(
      GuardedFetch fetch, DocumentsConfig config, Set<String> schemes, Audit audit, Clock clock) {
    this.fetch = fetch;
    this.reader = new DocumentReader(schemes);
    this.usual = config.usual();
    this.good = Caffeine.newBuilder().maximumSize(config.size()).executor(Runnable::run).build();
    this.bad = Caffeine.newBuilder().maximumSize(config.size()).executor(Runnable::run).build();
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * The document at {@code url}; fails with {@link UnusableDocument}.
   *
   * @param address of whoever causes it, to count by
   */
  Future<ClientDocument> get(String url, String address) {
    var document = known(url);
    if (document.isPresent()) {
      return Future.succeededFuture(document.get());
    }
    return failure(url)
        .<Future<ClientDocument>>map(Future::failedFuture)
        .orElseGet(() -> fetch(url, address));
  }

  /** The document if it is here. */
  Optional<ClientDocument> known(String url) {
    return Optional.ofNullable(good.getIfPresent(url))
        .filter(held -> clock.instant().isBefore(held.until))
        .map(Good::document);
  }

  private Optional<UnusableDocument> failure(String url) {
    return Optional.ofNullable(bad.getIfPresent(url))
        .filter(held -> clock.instant().isBefore(held.until))
        .map(Bad::failure);
  }

  private Future<ClientDocument> fetch(String url, String address) {
    return fetch
        .get(URI.create(url), address)
        .map(answer -> keep(url, answer))
        .recover(cause -> Future.failedFuture(note(url, cause)));
  }

  private ClientDocument keep(String url, Fetched answer) {
    var document = reader.read(url, answer.body());
    var until = clock.instant().plus(CacheLifetime.of(answer.headers(), usual));
    good.put(url, new Good(document, until));
    return document;
  }

  /** Told once for all who waited for the same answer. */
  private UnusableDocument note(String url, Throwable cause) {
    var failure = UnusableDocument.of(URI.create(url), cause);
    var ours = cause instanceof FetchFailure fetching && fetching.reason().isOurs();
    if (!ours && failure(url).isEmpty()) {
      bad.put(url, new Bad(failure, clock.instant().plus(FAILED)));
      audit.tell(Kind.DOCUMENT_REFUSED, Map.of("host", failure.host(), "because", failure.fault()));
    }
    return failure;
  }

  private record Good(ClientDocument document, Instant until) {}

  private record Bad(UnusableDocument failure, Instant until) {}
}
