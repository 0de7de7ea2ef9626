package dev.keyturn.app;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that nobody but its owner may read, from its first moment on.
 *
 * <p>Were the mode changed afterwards, whoever opened the file before could read on.
 */
final class PrivateFile {
  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private PrivateFile() {}

  /** Writes a new file; one that is there, be it a link that leads nowhere, stays as it is. */
  static void write(Path file, String text) throws IOException {
    try {
      create(file, text);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(file + " is there already, and a key is never overwritten", e);
    } catch (NoSuchFileException e) {
      throw new IOException(file + " cannot be written: its directory does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IOException(file + " cannot be written: this user may not write there", e);
    }
  }

  private static void create(Path file, String text) throws IOException {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (var channel = FileChannel.open(file, options, attributes(file))) {
      var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (FileAlreadyExistsException | NoSuchFileException | AccessDeniedException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(file); // Half a key helps nobody.
      throw e;
    }
  }

  private static FileAttribute<?>[] attributes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {OWNER_ONLY}
        : new FileAttribute<?>[0];
  }
}
