package dev.keyturn.store.redis;

import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * A value as it lies in Redis: {@code kind (1) | stamp (16) | value}.
 *
 * <p>The stamp is the writer's own and used once, so that a writer whose answer was lost finds out
 * whether it wrote. Its first half is the version. Who takes or deletes an entry leaves a stamped
 * mark for some seconds, for the same reason; for everybody else the entry is gone.
 *
 * @param alive whether it is an entry, or the mark of one that is gone
 */
record Stamped(boolean alive, Buffer stamp, Buffer value) {
  static final int STAMP = 16;

  private static final byte ALIVE = 1;
  private static final byte GONE = 2;
  private static final int HEAD = 1 + STAMP;

  static Buffer stamp(SecureRandom random) {
    var stamp = new byte[STAMP];
    random.nextBytes(stamp);
    return Buffer.buffer(stamp);
  }

  /** An entry as it is written. */
  static Buffer entry(Buffer stamp, Buffer value) {
    return Buffer.buffer(HEAD + value.length())
        .appendByte(ALIVE)
        .appendBuffer(stamp)
        .appendBuffer(value);
  }

  /** What every entry of that version begins with. */
  static Buffer head(long version) {
    return Buffer.buffer(1 + Long.BYTES).appendByte(ALIVE).appendLong(version);
  }

  /** What a mark begins with. */
  static Buffer mark(Buffer stamp) {
    return Buffer.buffer(HEAD).appendByte(GONE).appendBuffer(stamp);
  }

  /**
   * What was read.
   *
   * @throws ForeignValueException if it is not ours, or a newer version's
   */
  static Stamped decode(Buffer read) {
    if (read.length() < HEAD || (read.getByte(0) != ALIVE && read.getByte(0) != GONE)) {
      throw new ForeignValueException();
    }
    return new Stamped(
        read.getByte(0) == ALIVE, read.getBuffer(1, HEAD), read.getBuffer(HEAD, read.length()));
  }

  long version() {
    return stamp.getLong(0);
  }

  /** Whether it was written, or taken, with {@code mine}. */
  boolean isOf(Buffer mine) {
    return stamp.equals(mine);
  }

  /** The entry, if it is one. */
  Optional<Stamped> living() {
    return alive ? Optional.of(this) : Optional.empty();
  }
}
