package dev.keyturn.store;

import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * One concept's typed key space in the store.
 *
 * <p>A stored value is one version byte and JSON. A value of a newer version is refused: it was
 * written by a newer Keyturn whose meaning this one cannot know. Another replica may know it, and
 * an honest client must not lose its login over it, so it is answered like a store that is away.
 */
public final class Repository<T> {
  private static final byte FORMAT = 1;
  private static final Duration RETRY = Duration.ofSeconds(30);

  private final KeyValueStore store;
  private final String kind;
  private final Function<T, JsonObject> toJson;
  private final Function<JsonObject, T> fromJson;

  /**
   * @param kind the first part of every key, such as {@code code}
   */
  public Repository(
      KeyValueStore store,
      String kind,
      Function<T, JsonObject> toJson,
      Function<JsonObject, T> fromJson) {
    this.store = store;
    this.kind = kind;
    this.toJson = toJson;
    this.fromJson = fromJson;
  }

  public Future<Void> put(String id, T value, Duration ttl) {
    return store.put(key(id), encode(value), ttl);
  }

  public Future<Boolean> putIfAbsent(String id, T value, Duration ttl) {
    return store.putIfAbsent(key(id), encode(value), ttl);
  }

  public Future<Optional<Versioned<T>>> get(String id) {
    return store
        .get(key(id))
        .map(found -> found.map(entry -> new Versioned<>(decode(entry.value()), entry.version())));
  }

  public Future<Optional<T>> take(String id) {
    return store.take(key(id)).map(found -> found.map(this::decode));
  }

  public Future<Boolean> replace(String id, long version, T next, Duration ttl) {
    return store.replace(key(id), version, encode(next), ttl);
  }

  public Future<Boolean> delete(String id, long version) {
    return store.delete(key(id), version);
  }

  private String key(String id) {
    return kind + "/" + id;
  }

  private Buffer encode(T value) {
    return Buffer.buffer().appendByte(FORMAT).appendBuffer(toJson.apply(value).toBuffer());
  }

  private T decode(Buffer stored) {
    if (stored.length() < 1 || stored.getByte(0) != FORMAT) {
      throw unreadable("was written by another version of Keyturn");
    }
    try {
      return fromJson.apply(stored.getBuffer(1, stored.length()).toJsonObject());
    } catch (RuntimeException e) { // Whose message may quote what is in there.
      throw unreadable("is damaged");
    }
  }

  private UnavailableException unreadable(String why) {
    return new UnavailableException("an entry of kind " + kind + " " + why, RETRY);
  }
}
