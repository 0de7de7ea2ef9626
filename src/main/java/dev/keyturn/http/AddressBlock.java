package dev.keyturn.http;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Addresses that begin with the same bits, such as {@code 10.0.0.0/8}.
 *
 * @param bytes the length of its addresses: 4 or 16
 */
public record AddressBlock(BigInteger prefix, int bits, int bytes) {
  /** The block that {@code spelling} names, which may be a single address; empty if none. */
  public static Optional<AddressBlock> parse(String spelling) {
    var parts = spelling.split("/", -1);
    return parts.length > 2 || (parts.length == 2 && !parts[1].matches("[0-9]{1,3}"))
        ? Optional.empty()
        : bytesOf(parts[0]).flatMap(address -> block(address, parts));
  }

  /** The bytes of a literal address, no name of which is ever looked up; empty if it is none. */
  static Optional<byte[]> bytesOf(String literal) {
    return Optional.ofNullable(NetUtil.createByteArrayFromIpAddressString(literal))
        .map(AddressBlock::unmapped);
  }

  /** Whether {@code address} is one of them. */
  public boolean holds(byte[] address) {
    return address.length == bytes && prefix.equals(prefix(address, bits));
  }

  private static Optional<AddressBlock> block(byte[] address, String[] parts) {
    var bits = parts.length == 1 ? address.length * 8 : Integer.parseInt(parts[1]);
    return bits > address.length * 8
        ? Optional.empty()
        : Optional.of(new AddressBlock(prefix(address, bits), bits, address.length));
  }

  /** An IPv4 address that an IPv6 socket saw is an IPv4 address. */
  private static byte[] unmapped(byte[] address) {
    var mapped = address.length == 16 && address[10] == -1 && address[11] == -1;
    for (int i = 0; i < 10 && mapped; i++) {
      mapped = address[i] == 0;
    }
    return mapped ? java.util.Arrays.copyOfRange(address, 12, 16) : address;
  }

  private static BigInteger prefix(byte[] address, int bits) {
    return new BigInteger(1, address).shiftRight(address.length * 8 - bits);
  }
}
