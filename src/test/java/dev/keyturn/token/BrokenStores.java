package dev.keyturn.token;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Stores with the mistakes that a backend might have, for tests that must notice them. */
final class BrokenStores {
  private BrokenStores() {}

  /** Replaces whatever is there. */
  static KeyValueStore unfenced(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
        return store.put(key, next, ttl).map(true);
      }
    };
  }

  /** Looks whether the version is there, and then writes. */
  static KeyValueStore inTwoSteps(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
        return store
            .get(key)
            .compose(
                found ->
                    found.filter(there -> there.version() == version).isPresent()
                        ? store.put(key, next, ttl).map(true)
                        : Future.succeededFuture(false));
      }
    };
  }

  /** Takes a change whose answer was lost for done. */
  static KeyValueStore hopeful(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
        return store.replace(key, version, next, ttl).otherwise(true);
      }
    };
  }

  /** Remembers what it has read, until it writes there itself. */
  static KeyValueStore caching(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      private final Map<String, Optional<Versioned<Buffer>>> known = new HashMap<>();

      @Override
      public Future<Optional<Versioned<Buffer>>> get(String key) {
        return known.containsKey(key)
            ? Future.succeededFuture(known.get(key))
            : store.get(key).onSuccess(found -> known.put(key, found));
      }

      @Override
      public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
        known.remove(key);
        return store.replace(key, version, next, ttl);
      }
    };
  }

  /** Loses the end of a session. */
  static KeyValueStore endless(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
        return next.toString().contains("\"ended\":true")
            ? Future.succeededFuture(true)
            : store.replace(key, version, next, ttl);
      }
    };
  }

  /** Loses what was denied. */
  static KeyValueStore undenying(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Void> put(String key, Buffer value, Duration ttl) {
        return key.startsWith("deny/") ? Future.succeededFuture() : store.put(key, value, ttl);
      }
    };
  }

  /** Writes where something is. */
  static KeyValueStore overwriting(KeyValueStore sound) {
    return new DelegatingStore(sound) {
      @Override
      public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
        return store.put(key, value, ttl).map(true);
      }
    };
  }
}
