package dev.keyturn.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What Redis carries out as a whole on one key, where one command cannot say it.
 *
 * <p>Each changes its key by one command at most, so that one that is refused, as by a replica, has
 * changed nothing.
 */
enum Script {
  /** Entry, time to live: writes unless there is an entry. */
  PUT_IF_ABSENT(
      """
      local kind = redis.call('GETRANGE', KEYS[1], 0, 0)
      if kind == '\\1' then return 0 end
      if kind ~= '' and kind ~= '\\2' then return -1 end
      redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
      return 1
      """),

  /** Mark, its time to live: leaves the mark with the value, and answers with the entry. */
  TAKE(
      """
      local found = redis.call('GET', KEYS[1])
      if not found or string.sub(found, 1, 1) ~= '\\1' then return found end
      redis.call('SET', KEYS[1], ARGV[1] .. string.sub(found, 18), 'PX', ARGV[2])
      return found
      """),

  /** Head of the version, what comes instead, its time to live. */
  EXCHANGE(
      """
      if redis.call('GETRANGE', KEYS[1], 0, 8) ~= ARGV[1] then return 0 end
      redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
      return 1
      """),

  /** Time to live: adds one. */
  COUNT(
      """
      if redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'NX') then return 1 end
      return redis.call('INCR', KEYS[1])
      """),

  /** Stamp: answers with what is there, and tells the replicas once more if it has the stamp. */
  CONFIRM(
      """
      local found = redis.call('GET', KEYS[1])
      if found and string.sub(found, 2, 17) == ARGV[1] then
        redis.call('PEXPIRE', KEYS[1], redis.call('PTTL', KEYS[1]))
      end
      return found
      """);

  private final String text;
  private final String hash;

  Script(String text) {
    this.text = text;
    this.hash = sha1(text);
  }

  String text() {
    return text;
  }

  /** By which a server knows it that has seen it before. */
  String hash() {
    return hash;
  }

  /** No choice of ours, and no matter of security. */
  private static String sha1(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(US_ASCII));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
