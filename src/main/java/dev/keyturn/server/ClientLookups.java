package dev.keyturn.server;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.DocumentCache;
import dev.keyturn.client.DocumentsConfig;
import dev.keyturn.client.PublishedKeys;
import dev.keyturn.http.GuardedFetch;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Set;

/**
 * What looks up at strangers' hosts who their clients are; it remembers, so it is made anew only
 * when its settings change.
 */
record ClientLookups(
    DocumentsConfig config,
    Set<String> schemes,
    GuardedFetch fetch,
    DocumentCache documents,
    PublishedKeys keys) {
  static ClientLookups of(
      Vertx vertx, DocumentsConfig config, Set<String> schemes, Audit audit, Clock clock) {
    var fetch = new GuardedFetch(vertx, config.rules(), clock);
    return new ClientLookups(
        config,
        schemes,
        fetch,
        new DocumentCache(fetch, config, schemes, audit, clock),
        new PublishedKeys(fetch, config.usual(), clock));
  }

  /** Ends its connections; what is under way by then fails. */
  void close() {
    fetch.close();
  }

  boolean isFor(DocumentsConfig others, Set<String> otherSchemes) {
    return config.equals(others) && schemes.equals(otherSchemes);
  }
}
