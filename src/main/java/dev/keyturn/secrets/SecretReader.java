package dev.keyturn.secrets;

import dev.keyturn.config.Findings;
import dev.keyturn.config.Secret;
import dev.keyturn.config.SecretRef;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.crypto.SealingKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads what the configuration names. Everything that goes wrong becomes a finding with the setting
 * and the file, never with any content. Blocks as long as the disk does.
 */
public final class SecretReader {
  private final SecretFiles files;
  private final Map<String, String> environment;
  private final Findings findings;

  /** Reads the disk as it is at that moment. */
  public SecretReader(Map<String, String> environment, Findings findings) {
    this(new Disk(), environment, findings);
  }

  public SecretReader(SecretFiles files, Map<String, String> environment, Findings findings) {
    this.files = files;
    this.environment = Map.copyOf(environment);
    this.findings = findings;
  }

  /** A secret in text, surrounding white space removed. */
  public Optional<Secret> text(SecretRef ref) {
    return stripped(ref).flatMap(value -> notEmpty(ref.setting(), value));
  }

  /** The same where nothing is a secret too, as the password of a server that asks for none. */
  public Optional<Secret> textOrEmpty(SecretRef ref) {
    return stripped(ref).map(Secret::new);
  }

  /** An HMAC secret: raw bytes, of which one trailing newline is no part. */
  public Optional<byte[]> hmac(String setting, Path path) {
    var secret = bytes(setting, path).map(SecretReader::withoutNewline);
    if (secret.isPresent() && secret.get().length < HmacSecrets.MIN_LENGTH) {
      findings.error(
          setting,
          "names "
              + path
              + ", which holds "
              + secret.get().length
              + " bytes: an HMAC secret needs at least "
              + HmacSecrets.MIN_LENGTH);
      return Optional.empty();
    }
    return secret;
  }

  /** A sealing key: 32 bytes, raw or in base64. */
  public Optional<byte[]> sealingKey(String setting, Path path) {
    var content = bytes(setting, path);
    var key = content.flatMap(SecretReader::rawOrBase64);
    if (content.isPresent() && key.isEmpty()) {
      findings.error(
          setting, "names " + path + ", which must hold 32 random bytes, raw or in base64");
    }
    return key;
  }

  /** The bytes of a file. */
  public Optional<byte[]> bytes(String setting, Path path) {
    return ask(setting, path, files::read);
  }

  /** The regular files of a directory, in byte order of their names. */
  public Optional<List<Path>> list(String setting, Path directory) {
    return ask(setting, directory, files::list);
  }

  private <T> Optional<T> ask(String setting, Path path, Question<T> question) {
    try {
      return Optional.of(question.of(path));
    } catch (NoSuchFileException e) {
      findings.error(setting, "names " + path + ", which does not exist");
    } catch (UnfitFileException e) {
      findings.error(setting, "names " + path + ", which " + e.getMessage());
    } catch (IOException e) {
      findings.error(
          setting, "names " + path + ", which cannot be read: " + e.getClass().getSimpleName());
    }
    return Optional.empty();
  }

  private Optional<String> stripped(SecretRef ref) {
    var text =
        ref instanceof SecretRef.File file
            ? bytes(file.setting(), file.path()).map(SecretReader::text)
            : variable((SecretRef.Variable) ref);
    return text.map(String::strip);
  }

  private Optional<String> variable(SecretRef.Variable variable) {
    var value = Optional.ofNullable(environment.get(variable.name()));
    if (value.isEmpty()) {
      findings.error(
          variable.setting(), "names the variable " + variable.name() + ", which is not set");
    } else {
      findings.warn(
          variable.setting(),
          "is not live: a variable is read once, and a file can change while the server runs");
    }
    return value;
  }

  private Optional<Secret> notEmpty(String setting, String value) {
    if (value.isEmpty()) {
      findings.error(setting, "names an empty secret");
      return Optional.empty();
    }
    return Optional.of(new Secret(value));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static Optional<byte[]> rawOrBase64(byte[] content) {
    if (content.length == SealingKeys.LENGTH) {
      return Optional.of(content);
    }
    try {
      return Optional.of(Base64.getDecoder().decode(text(content).strip()))
          .filter(key -> key.length == SealingKeys.LENGTH);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static byte[] withoutNewline(byte[] bytes) {
    var length = bytes.length;
    if (length > 0 && bytes[length - 1] == '\n') {
      length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    }
    return Arrays.copyOf(bytes, length);
  }

  @FunctionalInterface
  private interface Question<T> {
    T of(Path path) throws IOException;
  }
}
