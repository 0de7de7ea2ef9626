package dev.keyturn.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;

/**
 * The whole storage contract. Every operation is atomic and every entry dies on its own.
 *
 * <p>Single use is {@link #take}; replay protection is {@link #putIfAbsent}; rotation is {@link
 * #replace}; quotas are {@link #count}. A failed future means that the outcome is unknown: it is
 * resolved by reading, never by blind repetition. A store that is away or full fails with {@link
 * dev.keyturn.oauth.UnavailableException}.
 *
 * <p>Keys are printable ASCII without blanks, at most 512 characters, {@code kind/rest}; whatever
 * is a token or names a person is hashed before it becomes part of one.
 */
public interface KeyValueStore {
  /** Writes, whatever was there. */
  Future<Void> put(String key, Buffer value, Duration ttl);

  /** Writes unless the key is there already; tells whether it wrote. */
  Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl);

  /** Reads the value with the version that {@link #replace} and {@link #delete} take. */
  Future<Optional<Versioned<Buffer>>> get(String key);

  /** Reads and deletes; of two concurrent calls at most one is given the value. */
  Future<Optional<Buffer>> take(String key);

  /** Writes only over {@code version}; tells whether it wrote. */
  Future<Boolean> replace(String key, long version, Buffer next, Duration ttl);

  /** Deletes only {@code version}; tells whether it did. */
  Future<Boolean> delete(String key, long version);

  /** Adds one and tells the sum; the first count starts the time to live. */
  Future<Long> count(String key, Duration ttl);

  /** Lets go of files and connections. */
  Future<Void> close();
}
