package dev.keyturn.server;

import dev.keyturn.config.Settings;
import java.time.Duration;
import java.util.Set;

/** The store that is known and not built yet: Redis. */
final class LaterStorage {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofMinutes(1);

  private LaterStorage() {}

  static void refuse(Settings storage, boolean redis) {
    redis(storage.child("redis_config"), redis);
    if (redis) {
      storage.refuse("type", "redis " + LaterSettings.LATER + ": use file or memory");
    } else if (storage.has("redis_config")) {
      storage.refuse("redis_config", "does not go with this type");
    }
  }

  private static void redis(Settings redis, boolean used) {
    var address = redis.text("addr");
    var cluster = redis.flag("cluster_mode", false);
    var sentinel = redis.child("sentinel_config");
    sentinel.text("master_name");
    sentinel.texts("sentinel_addrs");
    sentinel.number("db", 0, 0, 15);
    redis.word("auth_type", "aclUser", Set.of("aclUser"));
    var user = redis.child("acl_user_config");
    user.text("username_env_var");
    user.secret("password");
    var prefix = redis.text("key_prefix");
    redis.duration("dial_timeout", Duration.ofSeconds(5), LEAST, MOST);
    redis.duration("read_timeout", Duration.ofSeconds(3), LEAST, MOST);
    redis.duration("write_timeout", Duration.ofSeconds(3), LEAST, MOST);
    tls(redis.child("tls"));
    tls(redis.child("sentinel_tls"));
    if (!used) {
      return;
    }
    if (address.isPresent() == redis.has("sentinel_config")) {
      redis.refuse("addr", "is given xor sentinel_config: name one way to the server");
    }
    if (cluster && address.isEmpty()) {
      redis.refuse("cluster_mode", "needs addr");
    }
    if (prefix.isEmpty()) {
      redis.refuse("key_prefix", "is missing");
    }
  }

  private static void tls(Settings tls) {
    tls.flag("insecure_skip_verify", false);
    tls.file("ca_cert_file");
  }
}
