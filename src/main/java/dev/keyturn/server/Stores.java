package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.config.Findings;
import dev.keyturn.server.StorageConfig.InFile;
import dev.keyturn.server.StorageConfig.InRedis;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.file.FileStore;
import dev.keyturn.store.file.StoreFolder;
import dev.keyturn.store.redis.RedisAccess;
import dev.keyturn.store.redis.RedisStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The stores that there are, and how each is opened: to add one is one line here. */
public final class Stores {
  private static final int MOST_IN_MEMORY = 200_000;
  private static final int MOST_IN_A_FILE = 5_000_000;
  private static final String PATH = "storage.file_config.path";

  private final Vertx vertx;
  private final MeterRegistry metrics;
  private final Audits audit;
  private final SecureRandom random;
  private final Clock clock;

  public Stores(
      Vertx vertx, BusNames names, MeterRegistry metrics, SecureRandom random, Clock clock) {
    this.vertx = vertx;
    this.metrics = metrics;
    this.random = random;
    this.audit = new Audits(vertx, names.auditEvent(), metrics, clock);
    this.clock = clock;
  }

  /**
   * Opens a store. Blocks.
   *
   * @param made the keys of a configuration that names none; the vault's is kept beside a file
   * @throws IOException in words for the operator
   */
  public KeyValueStore open(RunConfig config, Ephemeral made) throws IOException {
    if (config.storage() instanceof InFile file) {
      return inFile(file.folder(), made.isVault(config.secrets().vault()), made);
    }
    if (config.storage() instanceof InRedis redis) {
      var access = config.secrets().redis().orElse(RedisAccess.NONE);
      return RedisStore.open(vertx, redis.config(), access, this::count, random);
    }
    return inMemory(clock);
  }

  /** Lets a store that needs it know what opens it now. */
  static void renew(KeyValueStore store, RunConfig config) {
    if (store instanceof RedisStore redis) {
      config.secrets().redis().ifPresent(redis::use);
    }
  }

  /** What is wrong with a store at the moment, by the folder or the server that is in trouble. */
  static Map<String, String> troubles(KeyValueStore store) {
    if (store instanceof FileStore file) {
      return file.troubles();
    }
    return store instanceof RedisStore redis ? redis.troubles() : Map.of();
  }

  /** A store that is gone with the process. */
  public static KeyValueStore inMemory(Clock clock) {
    return new MemoryStore(clock, MOST_IN_MEMORY);
  }

  /** Finds what keeps a store from being opened, without changing anything. Blocks. */
  public static void look(StorageConfig config, Findings findings) throws IOException {
    if (config instanceof InFile file) {
      var folder = file.folder();
      folder.complaint().ifPresent(why -> findings.error(PATH, "cannot be used: " + why));
      folder.holder().ifPresent(who -> findings.warn(PATH, "cannot be opened now: " + who));
      if (folder.isOpenToAll()) {
        findings.warn(PATH, "names " + folder + ", to which everybody may write: chmod o-w");
      }
    }
  }

  private KeyValueStore inFile(StoreFolder folder, boolean withKey, Ephemeral made)
      throws IOException {
    var store = FileStore.open(folder, clock, MOST_IN_A_FILE, this::tellDamage);
    try {
      if (withKey) {
        folder.keepVaultKey(made.vault());
      }
      return store;
    } catch (IOException e) {
      store.close();
      throw e;
    }
  }

  private void count(String operation, String outcome, Duration took) {
    metrics.timer("keyturn.store", "operation", operation, "outcome", outcome).record(took);
  }

  private void tellDamage(String kind) {
    audit.tell(Kind.STORE_DAMAGED, Map.of("kind", kind));
  }
}
