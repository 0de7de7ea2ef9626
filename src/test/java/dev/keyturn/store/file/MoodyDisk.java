package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.h2.store.fs.disk.FilePathDisk;

/**
 * Files of a real disk whose flushes fail, or do not come to an end, when a test says so.
 *
 * <p>The engine takes what stands before a colon in the name of a file for the kind of file system.
 * So a folder with a colon in its name, that was made known to the engine, is one of these.
 */
final class MoodyDisk implements AutoCloseable {
  private final Name names;
  private final Path folder;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile CountDownLatch held = new CountDownLatch(0);

  /** One below a folder. */
  MoodyDisk(Path temporary) {
    names = new Name(temporary.toAbsolutePath() + "/moody");
    folder = Path.of(names.getScheme() + ":data");
    FilePath.register(names);
  }

  /** Where the store is to be. */
  StoreFolder folder() {
    return new StoreFolder(folder);
  }

  /** From now on no flush comes to an end before {@link #release}. */
  void hold() {
    held = new CountDownLatch(1);
  }

  void release() {
    held.countDown();
  }

  /** So many flushes fail. */
  void fail(int many) {
    failures.set(many);
  }

  @Override
  public void close() {
    release();
    FilePath.unregister(names);
  }

  private void flush(FileChannel file, boolean metadata) throws IOException {
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new IOException("Input/output error");
    }
    file.force(metadata);
  }

  private final class Name extends FilePathWrapper {
    private final String scheme;

    Name(String scheme) {
      this.scheme = scheme;
    }

    @Override
    public String getScheme() {
      return scheme;
    }

    @Override
    public FilePathWrapper getPath(String path) {
      var one = new Name(scheme);
      one.name = path;
      return one;
    }

    private FilePath real() {
      return new FilePathDisk().getPath(name);
    }

    @Override
    public FilePath getParent() {
      return real().getParent();
    }

    @Override
    public boolean exists() {
      return real().exists();
    }

    @Override
    public boolean canWrite() {
      return real().canWrite();
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      return new Channel(real().open(mode));
    }
  }

  private final class Channel extends FileBaseDefault {
    private final FileChannel file;

    Channel(FileChannel file) {
      this.file = file;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public int read(ByteBuffer to, long position) throws IOException {
      return file.read(to, position);
    }

    @Override
    @SuppressWarnings("UnsynchronizedOverridesSynchronized")
    public int write(ByteBuffer from, long position) throws IOException {
      return file.write(from, position);
    }

    @Override
    protected void implTruncate(long length) throws IOException {
      file.truncate(length);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      flush(file, metadata);
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
      return file.tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
