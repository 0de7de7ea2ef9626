package dev.keyturn.store.redis;

import java.util.Optional;

/**
 * What opens the servers now, and what did before.
 *
 * @param generation counts the changes of this process
 * @param previous serves until the servers know the current one
 */
record Credentials(int generation, RedisAccess current, Optional<RedisAccess> previous) {
  static Credentials first(RedisAccess access) {
    return new Credentials(1, access, Optional.empty());
  }

  Credentials followedBy(RedisAccess next) {
    return current.equals(next)
        ? this
        : new Credentials(generation + 1, next, Optional.of(current));
  }
}
