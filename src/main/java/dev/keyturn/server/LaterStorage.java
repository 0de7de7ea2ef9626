package dev.keyturn.server;

import dev.keyturn.config.Settings;
import java.time.Duration;
import java.util.Set;

/** The stores that are known and not built yet: a file of our own, and Redis. */
final class LaterStorage {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofMinutes(1);

  private LaterStorage() {}

  static void refuse(Settings settings) {
    var storage = settings.child("storage");
    var type = storage.word("type", "memory", Set.of("memory", "file", "redis"));
    if (!settings.has("storage")) {
      settings
          .findings()
          .warn("storage", "is missing: everything is kept in memory and lost at the next start");
    }
    storage.child("file_config").file("path");
    redis(storage.child("redis_config"), type.equals("redis"));
    if (!type.equals("memory")) {
      storage.refuse("type", type + " " + LaterSettings.LATER + ": use memory");
    }
    refuseStray(storage, "file_config", type.equals("file"));
    refuseStray(storage, "redis_config", type.equals("redis"));
  }

  private static void refuseStray(Settings storage, String field, boolean fits) {
    if (storage.has(field) && !fits) {
      storage.refuse(field, "does not go with this type");
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
