package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.UnusableDocument.Fault;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.KeyValueStore;
import io.vertx.core.Future;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The clients whose name is the URL of a document that says who they are.
 *
 * <p>A login needs the document as it is, or as its headers let it be kept. Sessions go on with the
 * last good one while it cannot be had; once it is gone, or has lost the method that they began
 * with, they end a day later.
 *
 * @see <a
 *     href="https://datatracker.ietf.org/doc/html/draft-ietf-oauth-client-id-metadata-document-00">Client
 *     ID Metadata Document</a>
 */
public final class MetadataDocuments implements Clients {
  private static final URI NOWHERE = URI.create("https://-");

  private final DocumentCache cache;
  private final KeptDocuments kept;
  private final Scopes ceiling;

  /**
   * @param session how long a session may live
   * @param ceiling the scopes beyond which these clients are never granted any; empty: no ceiling
   */
  public MetadataDocuments(
      DocumentCache cache, KeyValueStore store, Clock clock, Duration session, Scopes ceiling) {
    this.cache = cache;
    this.kept = new KeptDocuments(store, clock, session);
    this.ceiling = ceiling;
  }

  @Override
  public Future<Optional<Client>> find(String id) {
    return find(id, "unknown");
  }

  @Override
  public Future<Optional<Client>> find(String id, String address) {
    return DocumentUrl.isMeant(id)
        ? document(id, address).map(document -> Optional.of(document.client(ceiling)))
        : Future.succeededFuture(Optional.empty());
  }

  @Override
  public Future<Optional<Client>> findAgain(String id, Method method, String address) {
    return DocumentUrl.isMeant(id)
        ? document(id, address)
            .compose(document -> orAsItWas(document, method))
            .recover(cause -> lastGood(id, method, cause))
            .map(found -> found.map(document -> document.client(ceiling)))
        : Future.succeededFuture(Optional.empty());
  }

  /** Nobody is asked: what such a client holds ends with its sessions. */
  @Override
  public Future<Boolean> isKnown(String id) {
    return Future.succeededFuture(DocumentUrl.isGood(id));
  }

  @Override
  public Set<Method> methods() {
    return Set.of(Method.NONE, Method.PRIVATE_KEY_JWT);
  }

  /** Notes the document that the client has just been let in by, for when it cannot be had. */
  @Override
  public Future<Void> keep(String id) {
    return cache.known(id).map(kept::keep).orElseGet(Future::succeededFuture);
  }

  private Future<ClientDocument> document(String id, String address) {
    return DocumentUrl.isGood(id)
        ? cache.get(id, address)
        : Future.failedFuture(new UnusableDocument(spelled(id), Fault.CLIENT_ID));
  }

  /** As it is; as it was, where sessions began by a method that it does not name any more. */
  private Future<Optional<ClientDocument>> orAsItWas(ClientDocument document, Method method) {
    return document.method() == method
        ? Future.succeededFuture(Optional.of(document))
        : kept.findLost(document.id(), method).map(was -> was.or(() -> Optional.of(document)));
  }

  private Future<Optional<ClientDocument>> lastGood(String id, Method method, Throwable cause) {
    if (!(cause instanceof UnusableDocument failure) || failure.isDenied()) {
      return Future.failedFuture(cause);
    }
    return (failure.isPassing() ? kept.find(id, method) : kept.findLost(id, method))
        .compose(
            found ->
                found.isPresent() ? Future.succeededFuture(found) : Future.failedFuture(failure));
  }

  private static URI spelled(String id) {
    try {
      return URI.create(id);
    } catch (IllegalArgumentException e) {
      return NOWHERE;
    }
  }
}
