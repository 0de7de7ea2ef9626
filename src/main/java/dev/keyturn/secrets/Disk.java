package dev.keyturn.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The files of this machine. Blocks.
 *
 * <p>Only regular files are opened: a named pipe would hold the reader, and all watching with it,
 * until somebody writes into it.
 */
public final class Disk implements SecretFiles {
  private static final Comparator<Path> BYTE_ORDER =
      Comparator.comparing(
          file -> nameOf(file).getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

  @Override
  public byte[] read(Path file) throws IOException {
    return read(file, MAX_LENGTH, "is larger than 64 KiB");
  }

  @Override
  public byte[] readDocument(Path file) throws IOException {
    return read(file, MAX_DOCUMENT, "is larger than 1 MiB");
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    var files = new ArrayList<Path>();
    var entries = 0;
    try (var stream = Files.newDirectoryStream(directory)) {
      for (var entry : stream) {
        entries++;
        if (entries > MAX_FILES) {
          throw new UnfitFileException("holds more than " + MAX_FILES + " files");
        }
        if (!nameOf(entry).startsWith("..") && Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    files.sort(BYTE_ORDER);
    return List.copyOf(files);
  }

  /** A directory changes whenever anything in it does, so its own times say nothing. */
  @Override
  public String identity(Path path) throws IOException {
    var real = path.toRealPath();
    var attributes = Files.readAttributes(real, BasicFileAttributes.class);
    return attributes.isDirectory()
        ? real + " " + attributes.fileKey()
        : real + " " + attributes.fileKey() + " " + attributes.lastModifiedTime();
  }

  private static byte[] read(Path file, int most, String tooLarge) throws IOException {
    if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
      throw new UnfitFileException("is not a regular file");
    }
    try (var in = Files.newInputStream(file)) {
      var content = in.readNBytes(most + 1);
      if (content.length > most) {
        throw new UnfitFileException(tooLarge);
      }
      return content;
    }
  }

  private static String nameOf(Path entry) {
    return String.valueOf(entry.getFileName());
  }
}
