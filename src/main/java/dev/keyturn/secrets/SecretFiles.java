package dev.keyturn.secrets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Files as they are read: bounded, and never written.
 *
 * <p>What reads a configuration is given one of these, so that all of it can come from one moment.
 */
public interface SecretFiles {
  /** The longest secret that is read. */
  int MAX_LENGTH = 64 * 1024;

  /** The longest configuration that is read, as long as a ConfigMap can be. */
  int MAX_DOCUMENT = 1024 * 1024;

  /** The most entries of a directory that are listed. */
  int MAX_FILES = 1000;

  /**
   * The content of a secret.
   *
   * @throws UnfitFileException if it is no regular file, or larger than {@link #MAX_LENGTH}
   */
  byte[] read(Path file) throws IOException;

  /**
   * The regular files of a directory in byte order of their names, by the path that leads to them;
   * without those that begin with two dots, which belong to the kubelet.
   *
   * @throws UnfitFileException if it is no directory, or holds more than {@link #MAX_FILES}
   */
  List<Path> list(Path directory) throws IOException;

  /** The content of a configuration, which may be as long as {@link #MAX_DOCUMENT}. */
  default byte[] readDocument(Path file) throws IOException {
    return read(file);
  }

  /**
   * Tells a file from another one that came to its place, even if both hold the same. Two readings
   * of a file with one identity had the same file before them all the time in between.
   */
  default String identity(Path path) throws IOException {
    return "";
  }
}
