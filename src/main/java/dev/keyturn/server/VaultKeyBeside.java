package dev.keyturn.server;

import dev.keyturn.config.Findings;
import dev.keyturn.secrets.SecretReader;
import dev.keyturn.store.file.StoreFolder;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The vault key that lies beside a store, where the configuration names none.
 *
 * <p>A key that dies with the process would leave a store that nobody can open. It is no file that
 * was named, so nobody watches it.
 */
record VaultKeyBeside(Findings findings, Ephemeral ephemeral) {
  private static final String SETTING = "storage.file_config.path";

  /** The key that is there; otherwise one that is kept there when the store is opened. */
  Optional<List<byte[]>> read(StoreFolder folder) {
    if (Files.exists(folder.vaultKey())) {
      return new SecretReader(Map.of(), findings)
          .sealingKey(SETTING, folder.vaultKey())
          .map(key -> List.of(ephemeral.vault(key)));
    }
    if (Files.exists(folder.data())) {
      findings.warn(
          SETTING, "names a store whose vault.key is gone: who logged in before logs in once more");
    }
    return Optional.of(List.of(ephemeral.vault()));
  }
}
