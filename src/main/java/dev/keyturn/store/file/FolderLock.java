package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps a second process away from a store.
 *
 * <p>The lock is the operating system's, so that it ends with its process, however that ends. Whose
 * it is stands in a file beside it; left over from a process that is gone, that file means nothing.
 * It names the start of the process too: in a container every process is number 1.
 */
final class FolderLock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileStore.class);

  private final FileChannel channel;
  private final FileLock lock;
  private final Path owner;

  private FolderLock(FileChannel channel, FileLock lock, Path owner) {
    this.channel = channel;
    this.lock = lock;
    this.owner = owner;
  }

  /** Takes the lock, or says who has it. */
  static FolderLock take(StoreFolder folder) throws IOException {
    var owner = folder.pid();
    // Opening and closing the lock's file a second time would end the lock of the first.
    if (isOurs(owner)) {
      throw new IOException(inUse(folder));
    }
    OwnFiles.make(folder.lock());
    var channel = FileChannel.open(folder.lock(), StandardOpenOption.WRITE);
    var lock = tryLock(channel, false);
    if (lock == null) {
      channel.close();
      throw new IOException(inUse(folder));
    }
    sign(folder);
    return new FolderLock(channel, lock, owner);
  }

  /** Who has the lock at this moment, in words. */
  static Optional<String> holder(StoreFolder folder) throws IOException {
    if (!Files.exists(folder.lock())) {
      return Optional.empty();
    }
    if (isOurs(folder.pid())) {
      return Optional.of(inUse(folder));
    }
    try (var channel = FileChannel.open(folder.lock(), StandardOpenOption.READ);
        var lock = tryLock(channel, true)) {
      return lock == null ? Optional.of(inUse(folder)) : Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(owner);
    lock.release();
    channel.close();
  }

  /** Without it the lock holds all the same; so a full disk keeps nobody from starting. */
  private static void sign(StoreFolder folder) {
    try {
      OwnFiles.write(folder.pid(), self().getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      LOG.atWarn()
          .setMessage("who has the store cannot be written down")
          .addKeyValue("because", e)
          .log();
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel, boolean shared)
      throws IOException {
    try {
      return channel.tryLock(0, Long.MAX_VALUE, shared);
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  private static String inUse(StoreFolder folder) throws IOException {
    var pid = read(folder.pid()).map(text -> text.split(" ", 2)[0]);
    return folder
        + " is in use by "
        + pid.map(number -> "process " + number).orElse("another process")
        + ": stop that one, or choose another storage.file_config.path";
  }

  private static Optional<String> read(Path owner) throws IOException {
    return Files.exists(owner) ? Optional.of(Files.readString(owner)) : Optional.empty();
  }

  private static boolean isOurs(Path owner) throws IOException {
    return read(owner).equals(Optional.of(self()));
  }

  private static String self() {
    var process = ProcessHandle.current();
    var start = process.info().startInstant().map(Instant::toString);
    // Where that is not known, nothing may look as if it were ours.
    return process.pid() + " " + start.orElseGet(() -> "at " + System.nanoTime());
  }
}
