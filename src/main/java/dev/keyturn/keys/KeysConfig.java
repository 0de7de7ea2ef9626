package dev.keyturn.keys;

import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Optional;

/**
 * The signing keys of the configuration.
 *
 * @param jwksMaxAge how long others may keep our JWKS
 */
public record KeysConfig(SigningKeys keys, Duration jwksMaxAge) {
  private static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final Duration PUBLISHED = Duration.ofMinutes(7);
  private static final String LATER = "is not supported yet";

  /** Reads the mapping {@code signing_key_config} and the files that it names. */
  public static Optional<KeysConfig> from(
      Settings settings, SecretReader files, SecureRandom random) {
    planned(settings);
    var maxAge =
        settings.duration("jwks_max_age", MAX_AGE, Duration.ofSeconds(1), Duration.ofHours(24));
    var folder = settings.file("key_dir").orElse(settings.folder());
    var algorithm = AlgorithmSetting.from(settings);
    var signer = settings.text("signing_key_file");
    var fallbacks = settings.texts("fallback_key_files");
    if (signer.isEmpty()) {
      if (!fallbacks.isEmpty()) {
        settings.refuse("signing_key_file", "is missing: fallback keys sign nothing");
      }
      settings
          .findings()
          .warn(
              settings.name("signing_key_file"),
              "is missing: tokens are signed with a key that is made now and lost at the next"
                  + " start");
      var made = SigningKeys.ephemeral(random);
      algorithm.requireFor(made.signer());
      return settings.build(() -> new KeysConfig(made, maxAge));
    }
    var keys = new ArrayList<SigningKey>();
    read(settings, "signing_key_file", folder.resolve(signer.get()), files).ifPresent(keys::add);
    keys.forEach(algorithm::requireFor);
    for (int i = 0; i < fallbacks.size(); i++) {
      var setting = "fallback_key_files[" + i + "]";
      read(settings, setting, folder.resolve(fallbacks.get(i)), files).ifPresent(keys::add);
    }
    keys.replaceAll(algorithm::applied);
    return settings.build(
        () -> new KeysConfig(SigningKeys.of(keys.get(0), keys.subList(1, keys.size())), maxAge));
  }

  /** Known, checked, and refused until it is built. */
  private static void planned(Settings settings) {
    if (settings.flag("directory", false)) {
      settings.refuse("directory", LATER);
    }
    settings.duration("publish_before_use", PUBLISHED, Duration.ZERO, Duration.ofDays(7));
    if (settings.has("publish_before_use")) {
      settings.refuse("publish_before_use", LATER);
    }
    if (!settings.texts("revoked_keys").isEmpty()) {
      settings.refuse("revoked_keys", LATER);
    }
  }

  private static Optional<SigningKey> read(
      Settings settings, String setting, Path path, SecretReader files) {
    return files
        .bytes(settings.name(setting), path)
        .flatMap(
            pem -> {
              try {
                return Optional.of(SigningKey.fromPem(pem));
              } catch (IllegalArgumentException e) {
                settings.refuse(setting, "names " + path + ", which is no good: " + e.getMessage());
                return Optional.empty();
              }
            });
  }
}
