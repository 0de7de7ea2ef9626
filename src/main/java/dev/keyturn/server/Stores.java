package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.config.Findings;
import dev.keyturn.server.StorageConfig.InFile;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.file.FileStore;
import dev.keyturn.store.file.StoreFolder;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Clock;
import java.util.Map;

/** The stores that there are, and how each is opened: to add one is one line here. */
public final class Stores {
  private static final int MOST_IN_MEMORY = 200_000;
  private static final int MOST_IN_A_FILE = 5_000_000;
  private static final String PATH = "storage.file_config.path";

  private final Audits audit;
  private final Clock clock;

  public Stores(Vertx vertx, BusNames names, MeterRegistry metrics, Clock clock) {
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
    return inMemory(clock);
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

  private void tellDamage(String kind) {
    audit.tell(Kind.STORE_DAMAGED, Map.of("kind", kind));
  }
}
