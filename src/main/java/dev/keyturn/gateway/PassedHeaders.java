package dev.keyturn.gateway;

import io.vertx.core.MultiMap;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * The headers that a message keeps on its way through the gateway.
 *
 * <p>Those of the connection end with it, also those that {@code Connection} names. The client's
 * credentials and what it says about its own address end here too; so do a backend's challenges,
 * its cookies and its CORS, and whatever else it would say for the whole origin, which is ours.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1">RFC 9110, section 7.6.1</a>
 */
final class PassedHeaders {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-authentication-info");

  private static final Set<String> OF_THE_CLIENT =
      Set.of(
          "host",
          "content-length",
          "expect",
          "authorization",
          "cookie",
          "cookie2",
          "dpop",
          "forwarded",
          "x-real-ip");

  private static final Set<String> OF_THE_BACKEND =
      Set.of(
          "set-cookie",
          "set-cookie2",
          "www-authenticate",
          "authentication-info",
          "dpop-nonce",
          "x-content-type-options",
          "strict-transport-security",
          "clear-site-data",
          "alt-svc");

  private PassedHeaders() {}

  /** Copies what a backend may see of a request; framing and {@code Host} are for the sender. */
  static void toBackend(MultiMap from, MultiMap to) {
    copy(from, to, OF_THE_CLIENT, "x-forwarded-");
  }

  /** Copies what a client may see of an answer. */
  static void toClient(MultiMap from, MultiMap to) {
    copy(from, to, OF_THE_BACKEND, "access-control-");
  }

  private static void copy(MultiMap from, MultiMap to, Set<String> dropped, String prefix) {
    var named = namedByConnection(from);
    from.forEach(
        (name, value) -> {
          var plain = plain(name);
          var ends =
              OF_THE_CONNECTION.contains(plain)
                  || named.contains(plain)
                  || dropped.contains(plain)
                  || plain.startsWith(prefix)
                  || plain.startsWith(":");
          if (!ends) {
            to.add(name, value);
          }
        });
  }

  private static Set<String> namedByConnection(MultiMap headers) {
    var named = new HashSet<String>();
    headers
        .getAll("Connection")
        .forEach(
            value ->
                Arrays.stream(value.split(","))
                    .map(String::trim)
                    .forEach(name -> named.add(plain(name))));
    return named;
  }

  /** Servers that make variables of headers read an underscore as a hyphen. */
  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
