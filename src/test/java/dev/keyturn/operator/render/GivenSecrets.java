package dev.keyturn.operator.render;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.given.GivenCertificate;
import dev.keyturn.secrets.SecretFiles;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A folder in which every file that is asked for is there, good by what its name promises. */
public final class GivenSecrets implements SecretFiles {
  @Override
  public byte[] read(Path file) throws IOException {
    var name = file.getFileName().toString();
    if (file.equals(Path.of("/etc/keyturn/configmaps/corporate-ca/ca.crt"))) {
      return GivenCertificate.good().certificatePem().getBytes(US_ASCII);
    }
    if (!file.startsWith("/etc/keyturn/secrets") || file.getNameCount() != 5) {
      throw new NoSuchFileException(file.toString());
    }
    if (name.endsWith(".pem")) {
      try (var in = getClass().getResourceAsStream("/dev/keyturn/keys/" + name)) {
        return Objects.requireNonNull(in, name).readAllBytes();
      }
    }
    return (name.startsWith("vault") ? "v".repeat(32) : (name + "-").repeat(16)).getBytes(US_ASCII);
  }

  @Override
  public List<Path> list(Path directory) {
    return List.of();
  }
}
