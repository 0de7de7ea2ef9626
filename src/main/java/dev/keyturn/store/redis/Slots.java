package dev.keyturn.store.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * In which of the Cluster's slots a key lies.
 *
 * @see <a href="https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/">Redis
 *     Cluster specification</a>
 */
final class Slots {
  static final int COUNT = 16_384;

  private static final int POLYNOMIAL = 0x1021;

  private Slots() {}

  /** Of a key, or of what stands between its first braces, if anything does. */
  static int of(String key) {
    var open = key.indexOf('{');
    var close = open < 0 ? -1 : key.indexOf('}', open);
    var hashed = close > open + 1 ? key.substring(open + 1, close) : key;
    return crc16(hashed.getBytes(US_ASCII)) % COUNT;
  }

  private static int crc16(byte[] bytes) {
    var crc = 0;
    for (byte next : bytes) {
      crc ^= (next & 0xff) << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) == 0 ? crc << 1 : crc << 1 ^ POLYNOMIAL;
      }
    }
    return crc & 0xffff;
  }
}
