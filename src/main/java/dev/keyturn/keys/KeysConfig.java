package dev.keyturn.keys;

import dev.keyturn.config.Settings;
import dev.keyturn.secrets.SecretReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The signing keys of the configuration: the mapping {@code signing_key_config}.
 *
 * @param keys the first is to sign
 * @param jwksMaxAge how long others may keep our JWKS
 * @param publishBeforeUse how long a key is published before it signs; empty for as long as caches
 *     and replicas need
 * @param revoked the ids of keys that must never be used again
 */
public record KeysConfig(
    List<SigningKey> keys,
    Duration jwksMaxAge,
    Optional<Duration> publishBeforeUse,
    Set<String> revoked) {
  private static final Duration MAX_AGE = Duration.ofMinutes(5);
  private static final Duration PUBLISHED = Duration.ofMinutes(7);
  private static final int MAX_REVOKED = 256;
  private static final String PEM = ".pem";

  public KeysConfig {
    keys = List.copyOf(keys);
    revoked = Set.copyOf(revoked);
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there must be a key that signs");
    }
  }

  /**
   * Reads the mapping and the files that it names.
   *
   * @param ephemeral the key that signs where none is named, the same for each reading
   */
  public static Optional<KeysConfig> from(
      Settings settings, SecretReader files, Supplier<SigningKey> ephemeral) {
    var maxAge =
        settings.duration("jwks_max_age", MAX_AGE, Duration.ofSeconds(1), Duration.ofHours(24));
    var published =
        settings.duration("publish_before_use", PUBLISHED, Duration.ZERO, Duration.ofDays(7));
    var revoked = revoked(settings);
    var keys = keys(settings, files, ephemeral);
    requireSigner(settings, keys, revoked);
    warnOfCaches(settings, published, maxAge);
    return settings.build(
        () ->
            new KeysConfig(
                keys,
                maxAge,
                Optional.of(published).filter(given -> settings.has("publish_before_use")),
                revoked));
  }

  private static void requireSigner(Settings settings, List<SigningKey> keys, Set<String> revoked) {
    if (!keys.isEmpty() && keys.stream().allMatch(key -> revoked.contains(key.kid()))) {
      settings.refuse("revoked_keys", "leaves no signing key: list one that is not revoked first");
    }
  }

  private static void warnOfCaches(Settings settings, Duration published, Duration maxAge) {
    if (settings.has("publish_before_use") && published.compareTo(maxAge) < 0) {
      settings
          .findings()
          .warn(
              settings.name("publish_before_use"),
              "is shorter than jwks_max_age: who keeps the JWK set for so long refuses the first"
                  + " tokens of a new key");
    }
  }

  private static Set<String> revoked(Settings settings) {
    var kids = settings.texts("revoked_keys");
    if (kids.size() > MAX_REVOKED) {
      settings.refuse("revoked_keys", "must be at most " + MAX_REVOKED + " kids");
    }
    for (int i = 0; i < kids.size(); i++) {
      if (!kids.get(i).matches("[A-Za-z0-9_-]{43}")) {
        settings.refuse(
            "revoked_keys[" + i + "]", "must be a kid of 43 characters, as keys list shows it");
      }
    }
    return Set.copyOf(kids);
  }

  private static List<SigningKey> keys(
      Settings settings, SecretReader files, Supplier<SigningKey> ephemeral) {
    var algorithm = AlgorithmSetting.from(settings);
    var folder = settings.file("key_dir").orElse(settings.folder());
    var signer = settings.text("signing_key_file");
    var fallbacks = settings.texts("fallback_key_files");
    var keys = new ArrayList<SigningKey>();
    var directory = settings.flag("directory", false);
    if (directory) {
      refuseBesideDirectory(settings);
      fromDirectory(settings, folder, files, keys);
    } else if (signer.isEmpty()) {
      keys.add(unnamed(settings, ephemeral));
    } else {
      read(settings, "signing_key_file", folder.resolve(signer.get()), files, keys);
    }
    keys.stream().findFirst().ifPresent(algorithm::requireFor);
    for (int i = 0; i < fallbacks.size() && !directory; i++) {
      read(
          settings, "fallback_key_files[" + i + "]", folder.resolve(fallbacks.get(i)), files, keys);
    }
    refuseMany(settings, keys);
    keys.replaceAll(algorithm::applied);
    return keys;
  }

  private static void refuseBesideDirectory(Settings settings) {
    for (var field : List.of("signing_key_file", "fallback_key_files")) {
      if (settings.has(field) && !settings.isEmpty(field)) {
        settings.refuse(
            field, "does not go with directory: true, which takes every *.pem of key_dir");
      }
    }
  }

  /** The last one in byte order of names signs, whatever the times of the files are. */
  private static void fromDirectory(
      Settings settings, Path folder, SecretReader files, List<SigningKey> keys) {
    if (!settings.has("key_dir")) {
      settings.refuse("key_dir", "is missing: directory: true takes every *.pem of it");
      return;
    }
    var listed = files.list(settings.name("key_dir"), folder);
    var named =
        listed.orElse(List.of()).stream()
            .filter(file -> file.getFileName().toString().endsWith(PEM))
            .toList();
    for (int i = named.size() - 1; i >= 0; i--) {
      read(settings, "key_dir", named.get(i), files, keys);
    }
    if (listed.isPresent() && named.isEmpty()) {
      settings.refuse("key_dir", "names " + folder + ", which holds no *.pem");
    }
  }

  private static SigningKey unnamed(Settings settings, Supplier<SigningKey> ephemeral) {
    if (!settings.texts("fallback_key_files").isEmpty()) {
      settings.refuse("signing_key_file", "is missing: fallback keys sign nothing");
    }
    settings
        .findings()
        .warn(
            settings.name("signing_key_file"),
            "is missing: tokens are signed with a key that is made now and lost at the next"
                + " start");
    return ephemeral.get();
  }

  private static void refuseMany(Settings settings, List<SigningKey> keys) {
    if (keys.size() > SigningKeys.MAX) {
      settings.refuse(
          settings.flag("directory", false) ? "key_dir" : "fallback_key_files",
          "makes " + keys.size() + " keys; at most " + SigningKeys.MAX + " can be known at once");
    }
  }

  private static void read(
      Settings settings, String setting, Path path, SecretReader files, List<SigningKey> keys) {
    files
        .bytes(settings.name(setting), path)
        .ifPresent(
            pem -> {
              try {
                var key = SigningKey.fromPem(pem);
                if (keys.stream().anyMatch(other -> other.kid().equals(key.kid()))) {
                  var twice = ", which holds the key " + key.kid() + ", and so does another file";
                  settings.refuse(setting, "names " + path + twice);
                }
                keys.add(key);
              } catch (IllegalArgumentException e) {
                settings.refuse(setting, "names " + path + ", which is no good: " + e.getMessage());
              }
            });
  }
}
