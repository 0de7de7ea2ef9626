package dev.keyturn.oauth;

import static dev.keyturn.oauth.ErrorCode.INVALID_TARGET;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;

/**
 * The identifier of a protected resource, in the spelling that the configuration or a client used.
 *
 * <p>Clients send it as a WHATWG URL parser writes it ({@code https://mcp.example.com} arrives as
 * {@code https://mcp.example.com/}), so two are compared with {@link #names}, which ignores the
 * case of scheme and host, a default port and the slash of the root; paths are compared exactly.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8707#section-2">RFC 8707, section 2</a>
 */
public record ResourceIndicator(String value) {
  private static final int MAX_LENGTH = 2048;

  public ResourceIndicator {
    if (!isValid(value)) {
      throw INVALID_TARGET.because("resource must be an absolute URI without a fragment");
    }
  }

  /** Whether both name the same resource. */
  public boolean names(ResourceIndicator other) {
    return normalise(value).equals(normalise(other.value));
  }

  /** Whether {@code text} could be a resource indicator. */
  public static boolean isValid(String text) {
    return normalise(text).isPresent();
  }

  private static Optional<String> normalise(String text) {
    if (text.length() > MAX_LENGTH) {
      return Optional.empty();
    }
    return Uris.parse(text)
        .filter(uri -> uri.getScheme() != null && uri.getHost() != null)
        .filter(uri -> uri.getRawFragment() == null && uri.getRawUserInfo() == null)
        .map(ResourceIndicator::normalise);
  }

  private static String normalise(URI uri) {
    var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    var host = uri.getHost().toLowerCase(Locale.ROOT);
    var port = uri.getPort() == defaultPort(scheme) ? -1 : uri.getPort();
    var path = "/".equals(uri.getRawPath()) ? "" : uri.getRawPath();
    var query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return scheme + "://" + host + (port < 0 ? "" : ":" + port) + path + query;
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "https" -> 443;
      case "http" -> 80;
      default -> -1;
    };
  }
}
