package dev.keyturn.server;

import dev.keyturn.config.Secret;
import dev.keyturn.config.Settings;
import dev.keyturn.keys.PemChain;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.store.redis.Address;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.store.redis.RedisConfig;
import dev.keyturn.store.redis.RedisConfig.Place;
import dev.keyturn.store.redis.RedisConfig.Timeouts;
import dev.keyturn.store.redis.RedisConfig.Tls;
import dev.keyturn.store.redis.RedisConfig.Waiting;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** Reads the mapping {@code redis_config}: where a Redis is, and what opens it. */
final class RedisReader {
  private static final String ADDRESS = "addr";
  private static final String PREFIX = "key_prefix";
  private static final String SENTINELS = "sentinel_addrs";
  private static final String NO_ADDRESS =
      "must be a host and a port such as redis.example.com:6379";
  private static final Address NOWHERE = new Address("invalid.example", 1);
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final Duration MOST = Duration.ofMinutes(1);
  private static final int MAX_PREFIX = 200;
  private static final int MAX_REPLICAS = 10;
  private static final int MAX_DATABASE = 15;

  private final Settings redis;

  RedisReader(Settings redis) {
    this.redis = redis;
  }

  /** What is fixed while a process runs; mistakes become findings. */
  RedisConfig config() {
    var place = place();
    redis.word("auth_type", "aclUser", Set.of("aclUser"));
    return new RedisConfig(
        place,
        prefix(),
        new Timeouts(
            timeout("dial_timeout", 5), timeout("read_timeout", 3), timeout("write_timeout", 3)),
        tls("tls"),
        tls("sentinel_tls"),
        new Waiting(
            redis.number("wait_replicas", 0, 0, MAX_REPLICAS),
            redis.duration(
                "wait_timeout",
                Duration.ofMillis(500),
                Duration.ofMillis(10),
                Duration.ofMillis(1500))));
  }

  /** What opens it at this moment. */
  Optional<RedisAccess> access(SecretReader secrets) {
    var user = redis.child("acl_user_config");
    var name = user.secret("username").flatMap(secrets::text).map(Secret::value);
    var password = user.secret("password").flatMap(secrets::textOrEmpty);
    var ca = authority(redis.child("tls"), secrets);
    var sentinelCa = authority(redis.child("sentinel_tls"), secrets);
    if (name.isPresent() && !user.has("password_file") && !user.has("password_env_var")) {
      user.refuse("password_file", "is missing: a user has a password");
    }
    return redis.build(
        () ->
            new RedisAccess(
                name, password.filter(known -> !known.value().isEmpty()), ca, sentinelCa));
  }

  private Place place() {
    var address = redis.text(ADDRESS);
    var cluster = redis.flag("cluster_mode", false);
    var sentinel = redis.child("sentinel_config");
    if (address.isPresent() == redis.has("sentinel_config")) {
      redis.refuse(ADDRESS, "is given xor sentinel_config: name one way to the server");
    }
    if (cluster && address.isEmpty()) {
      redis.refuse("cluster_mode", "needs addr");
    }
    var set = sentinel(sentinel, redis.has("sentinel_config"));
    if (redis.has("sentinel_config")) {
      return set;
    }
    var at = address.map(text -> address(redis, ADDRESS, text)).orElse(NOWHERE);
    return cluster ? new RedisConfig.Cluster(at) : new RedisConfig.Standalone(at);
  }

  private static Place sentinel(Settings sentinel, boolean isGiven) {
    var master = sentinel.text("master_name");
    var texts = sentinel.texts(SENTINELS, RedisReader::isAddress, NO_ADDRESS);
    var addresses = texts.stream().map(Address::parse).flatMap(Optional::stream).toList();
    var database = sentinel.number("db", 0, 0, MAX_DATABASE);
    if (isGiven && master.isEmpty()) {
      sentinel.refuse("master_name", "is missing");
    }
    if (isGiven && texts.isEmpty()) {
      sentinel.refuse(SENTINELS, "is missing: name at least one");
    }
    return new RedisConfig.Sentinel(master.orElse(""), addresses, database);
  }

  private static Address address(Settings settings, String field, String text) {
    var read = Address.parse(text);
    if (read.isEmpty()) {
      settings.refuse(field, NO_ADDRESS);
    }
    return read.orElse(NOWHERE);
  }

  private static boolean isAddress(String text) {
    return Address.parse(text).isPresent();
  }

  private String prefix() {
    var prefix = redis.required(PREFIX);
    if (prefix.length() > MAX_PREFIX || !prefix.chars().allMatch(c -> c > ' ' && c < 127)) {
      redis.refuse(
          PREFIX, "must be at most " + MAX_PREFIX + " visible ASCII characters without blanks");
    }
    return prefix;
  }

  private Duration timeout(String field, int seconds) {
    return redis.duration(field, Duration.ofSeconds(seconds), LEAST, MOST);
  }

  private Optional<Tls> tls(String field) {
    var tls = redis.child(field);
    var anybody = tls.flag("insecure_skip_verify", false);
    if (anybody) {
      redis
          .findings()
          .warn(
              tls.name("insecure_skip_verify"),
              "lets anybody between us and Redis read and change everything: name ca_cert_file");
    }
    return redis.has(field) ? Optional.of(new Tls(anybody)) : Optional.empty();
  }

  private static Optional<Buffer> authority(Settings tls, SecretReader secrets) {
    var file = tls.file("ca_cert_file");
    return file.flatMap(path -> secrets.bytes(tls.name("ca_cert_file"), path))
        .flatMap(
            pem -> {
              try {
                PemChain.read(pem);
                return Optional.of(Buffer.buffer(pem));
              } catch (IllegalArgumentException e) {
                tls.refuse(
                    "ca_cert_file",
                    "names " + file.orElseThrow() + ", which is no good: " + e.getMessage());
                return Optional.empty();
              }
            });
  }
}
