package dev.keyturn.store.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * How far the store has come, in a file beside it.
 *
 * <p>Where the head of a newer part of the file is damaged, the engine goes back to an older part
 * and says nothing: a code that was spent would be there again. The mark is written after each
 * flush, so a file that has come less far is not what was acknowledged. The mark itself need not be
 * flushed: one that is too old lets pass, and never refuses without a reason.
 */
final class Mark implements AutoCloseable {
  private static final int LENGTH = Long.BYTES + Integer.BYTES;

  private final FileChannel channel;

  private Mark(FileChannel channel) {
    this.channel = channel;
  }

  static Mark open(Path path) throws IOException {
    return new Mark(FileChannel.open(path, StandardOpenOption.WRITE));
  }

  /** What was reached; nothing where there is no mark, or none that can be read. */
  static OptionalLong read(Path path) throws IOException {
    if (!Files.exists(path)) {
      return OptionalLong.empty();
    }
    var bytes = Files.readAllBytes(path);
    if (bytes.length != LENGTH) {
      return OptionalLong.empty();
    }
    var reached = ByteBuffer.wrap(bytes).getLong();
    return ByteBuffer.wrap(bytes).equals(spell(reached))
        ? OptionalLong.of(reached)
        : OptionalLong.empty();
  }

  void write(long reached) {
    try {
      channel.write(spell(reached), 0);
    } catch (IOException e) {
      // An old mark notices less. Nobody's change fails for that.
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static ByteBuffer spell(long reached) {
    var bytes = ByteBuffer.allocate(LENGTH).putLong(reached);
    var sum = new CRC32C();
    sum.update(bytes.array(), 0, Long.BYTES);
    return bytes.putInt((int) sum.getValue()).flip();
  }
}
