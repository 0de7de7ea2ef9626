package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * What is about to be done to the data file, flushed before it is done.
 *
 * <p>A record holds all steps between two flushes: {@code number (8) | length (4) | checksum (4) |
 * steps}. One that a crash has cut off has a wrong checksum, and is as if it had never been
 * written. Numbers follow each other, so what an earlier turn has left behind the last record is
 * not taken for the next.
 */
final class RedoLog implements AutoCloseable {
  private static final int LENGTH_AT = Long.BYTES;
  private static final int CHECKSUM_AT = LENGTH_AT + Integer.BYTES;
  private static final int HEAD = CHECKSUM_AT + Integer.BYTES;
  private static final int LONG = 4 << 20;

  private final FileChannel file;
  private long end;
  private long number;

  RedoLog(FileChannel file) {
    this.file = file;
  }

  /** The steps of all records that are whole, in their order. */
  List<Step> read() throws IOException {
    var all = ByteBuffer.allocate(Math.toIntExact(file.size()));
    while (all.hasRemaining() && file.read(all, all.position()) >= 0) {
      // Until all is read.
    }
    all.flip();
    var steps = new ArrayList<Step>();
    while (isRecord(all)) {
      number = all.getLong(0);
      var end = HEAD + all.getInt(LENGTH_AT);
      for (var body = all.slice(HEAD, end - HEAD); body.hasRemaining(); ) {
        steps.add(Step.decode(body));
      }
      all = all.slice(end, all.limit() - end);
    }
    return steps;
  }

  private boolean isRecord(ByteBuffer bytes) {
    if (bytes.limit() < HEAD || (number > 0 && bytes.getLong(0) != number + 1)) {
      return false;
    }
    var length = bytes.getInt(LENGTH_AT);
    return length > 0
        && length <= bytes.limit() - HEAD
        && bytes.getInt(CHECKSUM_AT) == checksum(bytes, length);
  }

  /** They are there after a crash when this returns. */
  void append(List<Step> steps) throws IOException {
    var length = steps.stream().mapToInt(Step::encodedLength).sum();
    var record = ByteBuffer.allocate(HEAD + length);
    record.putLong(number + 1).putInt(length).position(HEAD);
    steps.forEach(step -> step.encode(record));
    record.putInt(CHECKSUM_AT, checksum(record, length)).rewind();
    write(record);
    file.force(false);
    number++;
    end += HEAD + length;
  }

  /** Whether it is time to flush the data file, so that the log can begin anew. */
  boolean isLong() {
    return end >= LONG;
  }

  /** Forgets everything, since the data file is flushed; keeps the space. */
  void restart() throws IOException {
    end = 0;
    write(ByteBuffer.allocate(HEAD));
    file.force(false);
  }

  /** Forgets everything, and gives the space back. */
  void clear() throws IOException {
    file.truncate(0);
    file.force(true);
    end = 0;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      file.write(bytes, end + bytes.position());
    }
  }

  private static int checksum(ByteBuffer record, int length) {
    var sum = new CRC32C();
    sum.update(record.slice(0, CHECKSUM_AT));
    sum.update(record.slice(HEAD, length));
    return (int) sum.getValue();
  }
}
