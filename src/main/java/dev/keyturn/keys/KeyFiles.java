package dev.keyturn.keys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** Key files as they lie in a directory: the last one in byte order of names signs. */
public final class KeyFiles {
  private static final Comparator<Path> BYTE_ORDER =
      Comparator.comparing(KeyFiles::nameOf, Arrays::compareUnsigned);

  private KeyFiles() {}

  /** The files {@code *.pem} of {@code directory}, the one that signs last. */
  public static List<Path> in(Path directory) throws IOException {
    try (var entries = Files.list(directory)) {
      return entries
          .filter(entry -> entry.getFileName().toString().endsWith(".pem"))
          .filter(Files::isRegularFile)
          .sorted(BYTE_ORDER)
          .toList();
    }
  }

  /** The key in {@code file}; a refusal completes "the file ...". */
  public static SigningKey read(Path file) {
    try (var in = Files.newInputStream(file)) {
      return SigningKey.fromPem(in.readNBytes(PemKey.MAX_LENGTH + 1));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException("may not be read by this user", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static byte[] nameOf(Path file) {
    return file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
  }
}
