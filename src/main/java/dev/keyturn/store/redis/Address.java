package dev.keyturn.store.redis;

import dev.keyturn.oauth.Uris;
import java.util.Optional;

/** Where a server listens. */
public record Address(String host, int port) {
  private static final int MAX_PORT = 65_535;

  /** What stands in a configuration, such as {@code redis:6379} or {@code [::1]:6379}. */
  public static Optional<Address> parse(String text) {
    return Uris.parse("redis://" + text)
        .filter(uri -> uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= MAX_PORT)
        .filter(uri -> ("//" + text).equals(uri.getRawSchemeSpecificPart()))
        .filter(uri -> text.equals(uri.getRawAuthority()) && uri.getRawUserInfo() == null)
        .map(uri -> of(uri.getHost(), uri.getPort()));
  }

  /** What a server says of another, where an IPv6 address has no brackets. */
  static Address of(String host, int port) {
    return new Address(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, port);
  }

  /** What {@code MOVED} and {@code ASK} name: the last colon is the one before the port. */
  static Optional<Address> told(String text, String otherwise) {
    var colon = text.lastIndexOf(':');
    try {
      var port = Integer.parseInt(text.substring(colon + 1));
      var host = colon > 0 ? text.substring(0, colon) : otherwise;
      return port > 0 && port <= MAX_PORT ? Optional.of(of(host, port)) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
