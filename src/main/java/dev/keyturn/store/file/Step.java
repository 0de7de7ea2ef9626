package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * One change of the data file's bytes: some are written, or the file ends earlier.
 *
 * @param bytes nothing where the file ends at {@code at}
 */
record Step(long at, Optional<byte[]> bytes) {
  private static final int HEAD = Long.BYTES + Integer.BYTES;
  private static final int CUT = -1;

  static Step write(long at, byte[] bytes) {
    return new Step(at, Optional.of(bytes));
  }

  static Step cut(long at) {
    return new Step(at, Optional.empty());
  }

  /** How long the file is after this step. */
  long lengthAfter(long length) {
    return bytes.map(written -> Math.max(length, at + written.length)).orElse(Math.min(length, at));
  }

  void applyTo(FileChannel file) throws IOException {
    if (bytes.isEmpty()) {
      file.truncate(at);
      return;
    }
    var rest = ByteBuffer.wrap(bytes.get());
    while (rest.hasRemaining()) {
      file.write(rest, at + rest.position());
    }
  }

  /** Makes of bytes that were read at {@code position} what they are after this step. */
  void applyTo(byte[] read, long position) {
    var from = Math.max(position, at);
    var to = position + read.length;
    if (bytes.isEmpty()) {
      if (from < to) {
        Arrays.fill(read, (int) (from - position), read.length, (byte) 0);
      }
      return;
    }
    var length = Math.min(to, at + bytes.get().length) - from;
    if (length > 0) {
      System.arraycopy(bytes.get(), (int) (from - at), read, (int) (from - position), (int) length);
    }
  }

  int encodedLength() {
    return HEAD + bytes.map(written -> written.length).orElse(0);
  }

  void encode(ByteBuffer to) {
    to.putLong(at).putInt(bytes.map(written -> written.length).orElse(CUT));
    bytes.ifPresent(to::put);
  }

  /** The next step of a record whose checksum is right. */
  static Step decode(ByteBuffer from) {
    var at = from.getLong();
    var length = from.getInt();
    if (length == CUT) {
      return cut(at);
    }
    var bytes = new byte[length];
    from.get(bytes);
    return write(at, bytes);
  }
}
