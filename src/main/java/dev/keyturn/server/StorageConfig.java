package dev.keyturn.server;

import dev.keyturn.config.Settings;
import dev.keyturn.store.file.StoreFolder;
import dev.keyturn.store.redis.RedisConfig;
import java.util.Set;

/** Where everything is kept that must outlive a request: {@code storage} of the configuration. */
public sealed interface StorageConfig {
  /** In the memory of the process, and gone with it. */
  record Memory() implements StorageConfig {}

  /** In a file of this machine, for one process. */
  record InFile(StoreFolder folder) implements StorageConfig {}

  /** In a Redis, for several processes; what opens it is a secret, and so not in here. */
  record InRedis(RedisConfig config) implements StorageConfig {}

  /**
   * Without a word about it, a file: nobody is to be logged out by a restart.
   *
   * @param embedded whether we are part of an application, in whose folder nothing turns up unasked
   */
  static StorageConfig from(Settings storage, boolean embedded) {
    var named = storage.has("type") || storage.has("file_config");
    var said = storage.word("type", "file", Set.of("memory", "file", "redis"));
    var type = embedded && !named ? "memory" : said;
    var folder = new StoreFolder(storage.child("file_config").file("path", "keyturn-data"));
    if (storage.has("file_config") && !type.equals("file")) {
      storage.refuse("file_config", "does not go with this type");
    }
    if (storage.has("redis_config") && !type.equals("redis")) {
      storage.refuse("redis_config", "does not go with this type");
    }
    return switch (type) {
      case "redis" -> new InRedis(new RedisReader(storage.child("redis_config")).config());
      case "file" -> new InFile(folder);
      default -> new Memory();
    };
  }
}
