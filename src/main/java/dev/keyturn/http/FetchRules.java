package dev.keyturn.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which hosts strangers may have us fetch from, and how often.
 *
 * @param allowed hosts, or {@code *.} and a domain; empty: every public one
 * @param denied hosts, or {@code *.} and a domain, that are never fetched from
 * @param perAddress the most fetches that one address may cause in a minute
 * @param elsewhere for tests: where a host really is, wherever that may be
 * @param authorities for tests: certificates in PEM, trusted instead of the platform's
 */
public record FetchRules(
    List<String> allowed,
    List<String> denied,
    int perAddress,
    Map<String, SocketAddress> elsewhere,
    Optional<Buffer> authorities) {
  /** The usual number of fetches that one address may cause in a minute. */
  public static final int PER_ADDRESS = 60;

  /** Every public host, and none of the test's freedoms. */
  public static final FetchRules PUBLIC =
      new FetchRules(List.of(), List.of(), PER_ADDRESS, Map.of(), Optional.empty());

  public FetchRules {
    allowed = List.copyOf(allowed);
    denied = List.copyOf(denied);
    elsewhere = Map.copyOf(elsewhere);
  }

  boolean admits(String host) {
    return (allowed.isEmpty() || isIn(allowed, host)) && !isIn(denied, host);
  }

  private static boolean isIn(List<String> patterns, String host) {
    return patterns.stream()
        .anyMatch(
            pattern ->
                pattern.startsWith("*.")
                    ? host.endsWith(pattern.substring(1))
                    : host.equals(pattern));
  }
}
