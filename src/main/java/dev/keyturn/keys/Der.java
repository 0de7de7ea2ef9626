package dev.keyturn.keys;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/**
 * Reads the DER of a private key, one element after the other; what it does not expect it refuses.
 */
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_IDENTIFIER = 0x06;
  static final int SEQUENCE = 0x30;

  /** Explicit tags {@code [0]} and {@code [1]}, and {@code [1]} implicit over a primitive. */
  static final int TAG_0 = 0xA0;

  static final int TAG_1 = 0xA1;
  static final int TAG_1_PRIMITIVE = 0x81;

  private final ByteBuffer rest;

  Der(byte[] bytes) {
    rest = ByteBuffer.wrap(bytes);
  }

  /** Whether the next element has {@code tag}. */
  boolean isNext(int tag) {
    return rest.hasRemaining() && Byte.toUnsignedInt(rest.get(rest.position())) == tag;
  }

  /** The content of the next element, which must have {@code tag}. */
  byte[] bytes(int tag) {
    if (!isNext(tag)) {
      throw damaged();
    }
    rest.get();
    var content = new byte[length()];
    rest.get(content);
    return content;
  }

  /** The next element, to be read on its own. */
  Der open(int tag) {
    return new Der(bytes(tag));
  }

  /** The next integer, which is never negative in a key. */
  BigInteger integer() {
    var content = bytes(INTEGER);
    if (content.length == 0 || content[0] < 0) {
      throw damaged();
    }
    return new BigInteger(content);
  }

  /** The bytes of the next bit string, or of one that stands under {@code tag} instead. */
  byte[] bits(int tag) {
    var content = ByteBuffer.wrap(bytes(tag));
    if (!content.hasRemaining() || content.get() != 0) {
      throw damaged();
    }
    var bits = new byte[content.remaining()];
    content.get(bits);
    return bits;
  }

  /** Refuses anything that is left over. */
  void end() {
    if (rest.hasRemaining()) {
      throw damaged();
    }
  }

  static IllegalArgumentException damaged() {
    return PemKey.refusal(
        "a private key that is damaged or cut off", "the file exactly as the key was made");
  }

  private int length() {
    var first = unsigned();
    var length = first;
    if (first >= 0x80) {
      if (first == 0x80 || first > 0x83) {
        throw damaged();
      }
      length = 0;
      for (var i = 0x80; i < first; i++) {
        length = length << 8 | unsigned();
      }
    }
    if (length > rest.remaining()) {
      throw damaged();
    }
    return length;
  }

  private int unsigned() {
    if (!rest.hasRemaining()) {
      throw damaged();
    }
    return Byte.toUnsignedInt(rest.get());
  }
}
