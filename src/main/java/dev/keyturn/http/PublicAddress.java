package dev.keyturn.http;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Tells addresses of the public internet from those behind our own door.
 *
 * <p>A name that a stranger chose may resolve to a metadata service or to a neighbour of this
 * server. An IPv6 address that carries an IPv4 one is judged by that.
 *
 * @see <a href="https://www.iana.org/assignments/iana-ipv4-special-registry">IANA registry</a>
 */
final class PublicAddress {
  private static final List<AddressBlock> SPECIAL_IPV4 =
      blocks(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4");
  private static final List<AddressBlock> CARRIES_IPV4 = blocks("64:ff9b::/96");
  private static final List<AddressBlock> GLOBAL_IPV6 = blocks("2000::/3");
  private static final List<AddressBlock> SPECIAL_IPV6 =
      blocks("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20");

  private PublicAddress() {}

  /** Whether {@code address} is one that anybody on the internet may reach. */
  static boolean isPublic(InetAddress address) {
    var bytes = address.getAddress();
    if (bytes.length == 4) {
      return !isIn(SPECIAL_IPV4, bytes);
    }
    if (isIn(CARRIES_IPV4, bytes)) {
      return !isIn(SPECIAL_IPV4, Arrays.copyOfRange(bytes, 12, 16));
    }
    return isIn(GLOBAL_IPV6, bytes) && !isIn(SPECIAL_IPV6, bytes);
  }

  private static boolean isIn(List<AddressBlock> blocks, byte[] address) {
    return blocks.stream().anyMatch(block -> block.holds(address));
  }

  private static List<AddressBlock> blocks(String... spellings) {
    return Stream.of(spellings).map(AddressBlock::parse).map(Optional::orElseThrow).toList();
  }
}
