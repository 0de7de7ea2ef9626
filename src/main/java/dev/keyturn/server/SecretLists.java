package dev.keyturn.server;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.secrets.SecretReader;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the lists of secrets, each with the one first that is to be used.
 *
 * <p>The same secret twice is refused: whoever meant to put another one first would believe that he
 * had.
 *
 * @param ephemeral the secrets of this process where no file is named
 */
record SecretLists(SecretReader secrets, Findings findings, Ephemeral ephemeral) {
  /** Those for codes and refresh tokens, of the whole configuration. */
  Optional<List<byte[]>> hmac(Settings settings) {
    var files = settings.files("hmac_secret_files");
    if (files.isEmpty()) {
      findings.warn(
          "hmac_secret_files",
          "is missing: codes and refresh tokens are signed with a secret that is made now and lost"
              + " at the next start");
      return Optional.of(List.of(ephemeral.hmac()));
    }
    return all("hmac_secret_files", files, secrets::hmac);
  }

  /** Those of the mapping {@code cookies}; none: they are made from those for codes. */
  Optional<List<byte[]>> cookies(Settings settings) {
    return all("cookies.key_files", settings.files("key_files"), secrets::hmac);
  }

  /**
   * Those of the mapping {@code vault}; none: the one beside a store that is a file, or those that
   * are made from the secrets for codes where several processes share a store.
   *
   * @param hasHmac whether the configuration names such secrets
   */
  Optional<List<byte[]>> vault(Settings settings, StorageConfig storage, boolean hasHmac) {
    var files = settings.files("key_files");
    if (files.isEmpty() && storage instanceof StorageConfig.InRedis) {
      return shared(hasHmac);
    }
    if (files.isEmpty() && storage instanceof StorageConfig.InFile file) {
      return new VaultKeyBeside(findings, ephemeral).read(file.folder());
    }
    if (files.isEmpty()) {
      findings.warn(
          "vault.key_files",
          "is missing: upstream tokens are sealed with a key that is made now and lost at the next"
              + " start, like the memory store");
      return Optional.of(List.of(ephemeral.vault()));
    }
    return all("vault.key_files", files, secrets::sealingKey);
  }

  /** A key of one process would make entries that no other can open. */
  private Optional<List<byte[]>> shared(boolean hasHmac) {
    if (!hasHmac) {
      findings.error(
          "vault.key_files",
          "is missing, and so is hmac_secret_files: with storage.type redis name one of them, since"
              + " every process must open what another has sealed");
    }
    return Optional.of(List.of());
  }

  private Optional<List<byte[]>> all(String setting, List<Path> files, OneFile reader) {
    if (files.size() > SigningKeys.MAX) {
      findings.error(
          setting,
          "names "
              + files.size()
              + " files; at most "
              + SigningKeys.MAX
              + " secrets can be known at once");
      return Optional.empty();
    }
    var read = new LinkedHashMap<String, byte[]>();
    for (int i = 0; i < files.size(); i++) {
      var name = setting + "[" + i + "]";
      var path = files.get(i);
      reader
          .read(name, path)
          .filter(secret -> isNew(name, path, secret, read))
          .ifPresent(secret -> read.put(name, secret));
    }
    return read.size() == files.size() ? Optional.of(List.copyOf(read.values())) : Optional.empty();
  }

  private boolean isNew(String setting, Path path, byte[] secret, Map<String, byte[]> others) {
    var same =
        others.entrySet().stream()
            .filter(other -> MessageDigest.isEqual(other.getValue(), secret))
            .findFirst();
    same.ifPresent(
        other ->
            findings.error(
                setting, "names " + path + ", which holds the secret of " + other.getKey()));
    return same.isEmpty();
  }

  @FunctionalInterface
  private interface OneFile {
    Optional<byte[]> read(String setting, Path path);
  }
}
