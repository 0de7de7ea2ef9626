package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.crypto.Digest;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The documents of clients that were given tokens, as they were then, for every replica.
 *
 * <p>Kept by URL and method, because the sessions that began by one method go on by it. Only a
 * login writes one, so that strangers cannot fill the store.
 */
final class KeptDocuments {
  /** How long sessions go on once the document says no more that they may. */
  static final Duration GRACE = Duration.ofHours(24);

  private static final Duration WRITE_EVERY = Duration.ofHours(1);

  private final Repository<Kept> documents;
  private final Clock clock;
  private final Duration life;

  /**
   * @param life how long a session may live
   */
  KeptDocuments(KeyValueStore store, Clock clock, Duration life) {
    this.documents = new Repository<>(store, "client-document", Kept::toJson, Kept::fromJson);
    this.clock = clock;
    this.life = life.plus(WRITE_EVERY).plus(GRACE);
  }

  /** Keeps a document that was found good; writes at most once an hour while it stays the same. */
  Future<Void> keep(ClientDocument document) {
    var name = name(document.id(), document.method());
    var now = clock.instant();
    return documents
        .get(name)
        .compose(
            found ->
                found.map(Versioned::value).filter(kept -> kept.isFresh(document, now)).isPresent()
                    ? Future.succeededFuture()
                    : documents.put(name, new Kept(document, now, Optional.empty()), life));
  }

  /** The document as it was when a client was let in by {@code method}. */
  Future<Optional<ClientDocument>> find(String url, Method method) {
    return documents
        .get(name(url, method))
        .map(found -> found.map(Versioned::value).map(Kept::document));
  }

  /**
   * The same once the document is gone, or lost the method: for a day from when that was first
   * seen, and then no more.
   */
  Future<Optional<ClientDocument>> findLost(String url, Method method) {
    return documents
        .get(name(url, method))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : mark(found.get()).map(kept -> kept.inGrace(clock.instant())));
  }

  private Future<Kept> mark(Versioned<Kept> found) {
    var kept = found.value();
    if (kept.lostSince().isPresent()) {
      return Future.succeededFuture(kept);
    }
    var marked = new Kept(kept.document(), kept.keptAt(), Optional.of(clock.instant()));
    return documents
        .replace(
            name(kept.document().id(), kept.document().method()), found.version(), marked, life)
        .map(marked);
  }

  private static String name(String url, Method method) {
    return Digest.of(method.wire() + " " + url);
  }

  /**
   * A document with what became of it.
   *
   * @param lostSince when it was first seen to be gone, or to have lost the method
   */
  private record Kept(ClientDocument document, Instant keptAt, Optional<Instant> lostSince) {
    boolean isFresh(ClientDocument now, Instant at) {
      return document.equals(now) && lostSince.isEmpty() && at.isBefore(keptAt.plus(WRITE_EVERY));
    }

    Optional<ClientDocument> inGrace(Instant now) {
      return Optional.of(document)
          .filter(kept -> lostSince.filter(lost -> now.isBefore(lost.plus(GRACE))).isPresent());
    }

    JsonObject toJson() {
      var json =
          new JsonObject().put("document", document.toJson()).put("kept", keptAt.toEpochMilli());
      lostSince.ifPresent(at -> json.put("lost", at.toEpochMilli()));
      return json;
    }

    static Kept fromJson(JsonObject json) {
      return new Kept(
          ClientDocument.fromJson(json.getJsonObject("document")),
          Instant.ofEpochMilli(json.getLong("kept")),
          Optional.ofNullable(json.getLong("lost")).map(Instant::ofEpochMilli));
    }
  }
}
