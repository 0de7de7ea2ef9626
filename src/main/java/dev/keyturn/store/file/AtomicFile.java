package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonWritableChannelException;
import java.util.List;
import org.h2.store.fs.FileBaseDefault;

/**
 * The data file as the engine sees it: it changes from one flush to the next, or not at all.
 *
 * <p>The engine writes a part of the file, then perhaps the header that leads to it, and flushes
 * both at once. A disk that loses power in between may have the header and not the part, or the
 * part with a hole in it, and the engine would go back in time, or go on with the hole. So nothing
 * reaches the file before all that belongs together is in the {@link RedoLog}; whoever opens the
 * file does again what is in there. That also makes good a flush of the file itself that has
 * failed, of which the system tells only once.
 */
final class AtomicFile extends FileBaseDefault {
  private static final int ZEROS = 1 << 16;

  private final FileChannel file;
  private final RedoLog log;
  private final boolean writable;
  private volatile Unflushed unflushed;
  private boolean broken;

  private AtomicFile(FileChannel file, RedoLog log, boolean writable, Unflushed unflushed) {
    this.file = file;
    this.log = log;
    this.writable = writable;
    this.unflushed = unflushed;
  }

  /** For the one who has the folder: finishes what a crash has left. */
  static AtomicFile open(FileChannel file, RedoLog log) throws IOException {
    for (var step : log.read()) {
      step.applyTo(file);
    }
    file.force(true);
    log.clear();
    return new AtomicFile(file, log, true, Unflushed.nothing(file.size()));
  }

  /** For one who looks, and changes nothing. */
  static AtomicFile look(FileChannel file, RedoLog log) throws IOException {
    var unflushed = Unflushed.nothing(file.size());
    for (var step : log.read()) {
      unflushed = unflushed.with(step);
    }
    return new AtomicFile(file, log, false, unflushed);
  }

  @Override
  public long size() {
    return unflushed.length();
  }

  /** Readers do not wait for each other: the engine does not write over what somebody reads. */
  @Override
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  public int read(ByteBuffer to, long position) throws IOException {
    var now = unflushed; // Before the file is read, which may then be newer, and never older.
    if (now.steps().isEmpty()) {
      return file.read(to, position);
    }
    var length = (int) Math.min(to.remaining(), now.length() - position);
    if (length <= 0) {
      return -1;
    }
    var bytes = new byte[length];
    var rest = ByteBuffer.wrap(bytes);
    while (rest.hasRemaining() && file.read(rest, position + rest.position()) >= 0) {
      // Until all is read that is there.
    }
    now.steps().forEach(step -> step.applyTo(bytes, position));
    to.put(bytes);
    return length;
  }

  @Override
  public synchronized int write(ByteBuffer from, long position) {
    var bytes = new byte[from.remaining()];
    from.get(bytes);
    add(Step.write(position, bytes));
    return bytes.length;
  }

  @Override
  protected void implTruncate(long length) {
    if (length < size()) {
      add(Step.cut(length));
    }
  }

  private void add(Step step) {
    if (!writable) {
      throw new NonWritableChannelException();
    }
    unflushed = unflushed.with(step);
  }

  /** All that was written is there after a crash when this returns. */
  @Override
  public void force(boolean metadata) throws IOException {
    var now = unflushed;
    if (now.steps().isEmpty() || !writable) {
      return;
    }
    broken = true;
    reserve(now.longest());
    log.append(now.steps());
    for (var step : now.steps()) {
      step.applyTo(file);
    }
    if (log.isLong()) {
      file.force(true);
      log.restart();
    }
    unflushed = Unflushed.nothing(now.length());
    broken = false;
  }

  /**
   * Takes the space for what comes, while it can still be refused: with a full disk, the log could
   * not be carried out, and nothing could be read.
   */
  private void reserve(long length) throws IOException {
    var before = file.size();
    try {
      for (var at = before; at < length; at = file.size()) {
        file.write(ByteBuffer.allocate((int) Math.min(ZEROS, length - at)), at);
      }
    } catch (IOException e) {
      file.truncate(before);
      throw e;
    }
  }

  @Override
  protected void implCloseChannel() throws IOException {
    try (file;
        log) {
      if (writable && !broken) {
        file.force(true);
        log.clear();
      }
    }
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  /**
   * What is not in the file yet.
   *
   * @param longest the greatest length of the file on the way
   */
  private record Unflushed(List<Step> steps, long length, long longest) {
    static Unflushed nothing(long length) {
      return new Unflushed(List.of(), length, length);
    }

    Unflushed with(Step step) {
      var more = new java.util.ArrayList<>(steps);
      more.add(step);
      var after = step.lengthAfter(length);
      return new Unflushed(List.copyOf(more), after, Math.max(longest, after));
    }
  }
}
