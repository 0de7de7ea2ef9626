package dev.keyturn.operator.rules;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keyturn.operator.api.ConfigMapKeyRef;
import dev.keyturn.operator.api.SecretKeyRef;
import dev.keyturn.operator.render.Mount;
import dev.keyturn.secrets.SecretFiles;
import dev.keyturn.secrets.UnfitFileException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The files that a pod would see, out of the Secrets and ConfigMaps that are known. */
final class MountedFiles implements SecretFiles {
  private final Lookup around;
  private final String namespace;

  MountedFiles(Lookup around, String namespace) {
    this.around = around;
    this.namespace = namespace;
  }

  @Override
  public byte[] read(Path file) throws IOException {
    var content = content(file);
    if (content.isEmpty()) {
      throw new NoSuchFileException(file.toString());
    }
    if (content.get().length > MAX_LENGTH) {
      throw new UnfitFileException("is larger than 64 KiB");
    }
    return content.get().clone();
  }

  private Optional<byte[]> content(Path file) {
    return Mount.secretEntry(file)
        .flatMap(this::secret)
        .or(() -> Mount.configMapEntry(file).flatMap(this::configMap));
  }

  private Optional<byte[]> secret(SecretKeyRef entry) {
    return around
        .secret(namespace, entry.name())
        .flatMap(secret -> Optional.ofNullable(secret.get(entry.key())));
  }

  private Optional<byte[]> configMap(ConfigMapKeyRef entry) {
    return around
        .configMap(namespace, entry.name())
        .flatMap(map -> Optional.ofNullable(map.get(entry.key())))
        .map(text -> text.getBytes(UTF_8));
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    throw new NoSuchFileException(directory.toString());
  }
}
