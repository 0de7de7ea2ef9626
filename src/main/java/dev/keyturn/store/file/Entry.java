package dev.keyturn.store.file;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * An entry as it lies in the file: {@code checksum (4) | version (8) | dies (8) | value}.
 *
 * <p>The engine does not notice a flipped byte. The checksum does; it covers the key too, so that
 * an entry under a damaged key is found as well. It is no MAC: its key would have to lie beside it,
 * and whoever can write the one file can read the other.
 *
 * @param dies when it is dead, in milliseconds since 1970
 */
record Entry(Buffer value, long version, long dies) {
  private static final int CHECKSUM = Integer.BYTES;
  private static final int HEAD = CHECKSUM + 2 * Long.BYTES;

  /** When an entry dies that is written now. */
  static long death(Instant now, Duration ttl) {
    try {
      return now.plus(ttl).toEpochMilli();
    } catch (ArithmeticException | java.time.DateTimeException e) {
      return Long.MAX_VALUE;
    }
  }

  boolean isAliveAt(Instant now) {
    return now.toEpochMilli() < dies;
  }

  /** The bytes of the file. */
  byte[] encode(String key) {
    var bytes =
        ByteBuffer.allocate(HEAD + value.length())
            .position(CHECKSUM)
            .putLong(version)
            .putLong(dies)
            .put(value.getBytes());
    return bytes.putInt(0, checksum(key, bytes.array())).array();
  }

  /** What was encoded; nothing if a byte of it is not as it was written. */
  static Optional<Entry> decode(String key, byte[] bytes) {
    if (bytes.length < HEAD) {
      return Optional.empty();
    }
    var read = ByteBuffer.wrap(bytes);
    if (read.getInt() != checksum(key, bytes)) {
      return Optional.empty();
    }
    var version = read.getLong();
    var dies = read.getLong();
    return Optional.of(
        new Entry(Buffer.buffer(bytes).getBuffer(HEAD, bytes.length), version, dies));
  }

  private static int checksum(String key, byte[] bytes) {
    var sum = new CRC32C();
    sum.update(key.getBytes(StandardCharsets.UTF_8));
    sum.update(bytes, CHECKSUM, bytes.length - CHECKSUM);
    return (int) sum.getValue();
  }
}
