package dev.keyturn.store.redis;

import dev.keyturn.config.Secret;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * What opens a Redis; it may change while a process runs.
 *
 * @param user empty: the default one
 * @param ca who vouches for the servers, in PEM; empty: whom the JVM trusts
 * @param sentinelCa the same for the Sentinels
 */
public record RedisAccess(
    Optional<String> user,
    Optional<Secret> password,
    Optional<Buffer> ca,
    Optional<Buffer> sentinelCa) {
  /** For a Redis that asks nobody who he is. */
  public static final RedisAccess NONE =
      new RedisAccess(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  /** Says nothing of the secret, nor whether there is one. */
  @Override
  public String toString() {
    return "RedisAccess[hidden]";
  }
}
