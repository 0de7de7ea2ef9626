package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * A disk under the engine that knows what has been flushed: it can lose power, with any part of the
 * rest written, and it can fail to flush, after which it takes what was not written for written.
 *
 * <p>Sectors are written whole or not at all, in any order, and so is the length of a file.
 */
final class UnflushedDisk implements AutoCloseable {
  private static final String SCHEME = "unflushed";
  private static final int SECTOR = 512;

  private final Map<String, Content> files = new TreeMap<>();
  private final Name names = new Name("");
  private final Random random;
  private int stepsLeft = Integer.MAX_VALUE;
  private int failures;

  UnflushedDisk(Random random) {
    this.random = random;
    FilePath.register(names);
  }

  /** What the engine calls a file of this disk. */
  static String nameOf(String file) {
    return SCHEME + ":" + file;
  }

  /** The power goes with the write or flush after so many more. */
  void cutAfter(int steps) {
    stepsLeft = steps;
  }

  /** So many flushes fail. */
  void failFlushes(int many) {
    failures = many;
  }

  /** What of a file is on the disk after a power cut at this moment. */
  byte[] afterCut(String file) {
    return content(file).afterCut();
  }

  private Content content(String file) {
    return files.computeIfAbsent(nameOf(file), any -> new Content());
  }

  private void step() throws IOException {
    if (stepsLeft-- <= 0) {
      stepsLeft = 0;
      throw new IOException("no power");
    }
  }

  @Override
  public void close() {
    FilePath.unregister(names);
  }

  private final class Name extends FilePathWrapper {
    Name(String name) {
      this.name = name;
    }

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public FilePathWrapper getPath(String path) {
      return new Name(path);
    }

    @Override
    public FilePath getParent() {
      return this;
    }

    @Override
    public boolean exists() {
      return true;
    }

    @Override
    public boolean canWrite() {
      return true;
    }

    @Override
    public FileChannel open(String mode) {
      return new Channel(files.computeIfAbsent(name, any -> new Content()));
    }
  }

  /** A file, as it is for those who read it, and as it is on the disk. */
  private final class Content {
    private byte[] now = new byte[0];
    private byte[] flushed = new byte[0];
    private final Map<Integer, List<byte[]>> sectors = new TreeMap<>();
    private final List<Integer> lengths = new ArrayList<>();

    void write(byte[] bytes, int at) throws IOException {
      step();
      if (at + bytes.length > now.length) {
        resize(at + bytes.length);
      }
      System.arraycopy(bytes, 0, now, at, bytes.length);
      for (int from = at / SECTOR * SECTOR; from < at + bytes.length; from += SECTOR) {
        var sector = Arrays.copyOfRange(now, from, Math.min(from + SECTOR, now.length));
        sectors.computeIfAbsent(from, any -> new ArrayList<>()).add(sector);
      }
    }

    void cut(int length) throws IOException {
      step();
      if (length < now.length) {
        resize(length);
      }
    }

    private void resize(int length) {
      now = Arrays.copyOf(now, length);
      lengths.add(length);
    }

    void flush() throws IOException {
      step();
      if (failures > 0) {
        failures--;
        sectors.clear();
        lengths.clear();
        throw new IOException("the disk does not answer");
      }
      flushed = withSectors(now.length, false);
      sectors.clear();
      lengths.clear();
    }

    byte[] afterCut() {
      var length = flushed.length;
      for (var next : lengths) {
        length = random.nextBoolean() ? next : length;
      }
      return withSectors(length, true);
    }

    private byte[] withSectors(int length, boolean some) {
      var there = Arrays.copyOf(flushed, length);
      sectors.forEach(
          (at, versions) -> {
            var reached = some ? random.nextInt(versions.size() + 1) : versions.size();
            if (reached > 0 && at < length) {
              var bytes = versions.get(reached - 1);
              System.arraycopy(bytes, 0, there, at, Math.min(bytes.length, length - at));
            }
          });
      return there;
    }
  }

  private static final class Channel extends FileBaseDefault {
    private final Content content;

    Channel(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      return content.now.length;
    }

    @Override
    public synchronized int read(ByteBuffer to, long position) {
      var length = Math.min(to.remaining(), content.now.length - (int) position);
      if (length > 0) {
        to.put(content.now, (int) position, length);
      }
      return length > 0 ? length : -1;
    }

    @Override
    public synchronized int write(ByteBuffer from, long position) throws IOException {
      var bytes = new byte[from.remaining()];
      from.get(bytes);
      content.write(bytes, (int) position);
      return bytes.length;
    }

    @Override
    protected void implTruncate(long length) throws IOException {
      content.cut((int) length);
    }

    @Override
    public void force(boolean metadata) throws IOException {
      content.flush();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      return new FileLock(this, position, size, shared) {
        @Override
        public boolean isValid() {
          return true;
        }

        @Override
        public void release() {
          // Nobody else is there.
        }
      };
    }
  }
}
