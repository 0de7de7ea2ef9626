package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files that nobody but their owner can read, and that are there after a crash once they are made.
 *
 * <p>A flush of a file does not say that its name is on the disk too: that is a matter of the
 * folder around it, which is flushed as well.
 */
final class OwnFiles {
  private static final FileAttribute<?> OWNER_ONLY = permissions("rw-------");
  private static final FileAttribute<?> FOLDER_OWNER_ONLY = permissions("rwx------");

  private OwnFiles() {}

  /** A place to build what then replaces {@code file} at once. */
  static Path draftOf(Path file) {
    return file.resolveSibling(file.getFileName() + ".new");
  }

  /**
   * Makes a folder and all above it.
   *
   * @param there the lowest of them that is there
   */
  static void makeFolder(Path folder, Path there) throws IOException {
    Files.createDirectories(folder, attributes(folder, FOLDER_OWNER_ONLY));
    for (var made = folder.toAbsolutePath(); !made.equals(there); made = above(made)) {
      flush(above(made));
    }
  }

  /** Makes an empty file, unless it is there. */
  static void make(Path file) throws IOException {
    try {
      Files.createFile(file, attributes(file, OWNER_ONLY));
      flush(above(file));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isWritable(file)) {
        throw new AccessDeniedException(file + " cannot be written to by this user");
      }
    }
  }

  /** Writes a small file whole, or not at all. */
  static void write(Path file, byte[] content) throws IOException {
    var draft = draftOf(file);
    Files.deleteIfExists(draft);
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(draft, options, attributes(draft, OWNER_ONLY))) {
      var bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
    replace(file, draft);
  }

  /** Puts a finished draft where the file was. */
  static void replace(Path file, Path draft) throws IOException {
    try {
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    }
    flush(above(file));
  }

  static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static Path above(Path path) {
    var parent = path.toAbsolutePath().getParent();
    return parent == null ? path : parent;
  }

  private static void flush(Path folder) throws IOException {
    if (isPosix(folder)) {
      try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] attributes(Path path, FileAttribute<?> mode) {
    return isPosix(path) ? new FileAttribute<?>[] {mode} : new FileAttribute<?>[0];
  }

  private static FileAttribute<?> permissions(String mode) {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode));
  }
}
