package dev.keyturn.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What counts as one address where strangers are counted: an IPv4 address, or the first 64 bits of
 * an IPv6 address, since one customer holds all of such a network.
 */
public final class Network {
  private Network() {}

  /** The network of the literal {@code address}. */
  public static String of(String address) {
    if (!address.contains(":")) {
      return address;
    }
    try {
      // With a colon it is a literal or nothing: no name is ever looked up.
      var inet = InetAddress.getByName(address.split("%", 2)[0]);
      var bytes = inet.getAddress();
      return bytes.length == 4
          ? inet.getHostAddress()
          : HexFormat.of().formatHex(Arrays.copyOf(bytes, 8));
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
