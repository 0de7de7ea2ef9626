package dev.keyturn.oauth;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The authorization server's issuer identifier, which must be byte-identical wherever it appears.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8414#section-3.1">RFC 8414, section 3.1</a>
 */
public record Issuer(String value) {
  /** The router would take {@code :} and {@code *} for patterns. */
  private static final Pattern PLAIN_PATH = Pattern.compile("[A-Za-z0-9._~/-]*");

  public Issuer {
    var complaint = complaintAbout(value);
    if (!complaint.isEmpty()) {
      throw new IllegalArgumentException("issuer " + complaint);
    }
  }

  /** What is wrong with {@code text} as an issuer, as the rest of a sentence; empty when fine. */
  public static String complaintAbout(String text) {
    return Uris.parse(text).map(uri -> complaintAbout(text, uri)).orElse("is not a URL");
  }

  private static String complaintAbout(String text, URI uri) {
    var scheme = uri.getScheme();
    if (scheme == null || uri.getHost() == null || !Set.of("http", "https").contains(scheme)) {
      return "must be an absolute https URL such as https://mcp.example.com";
    }
    if (!text.matches("[\\x21-\\x7E]+") || uri.getPort() > 65_535) {
      return "must have a port below 65536 and only ASCII characters";
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
      return "must have no query and no fragment";
    }
    if (uri.getRawUserInfo() != null) {
      return "must have no user information before the host";
    }
    if (!PLAIN_PATH.matcher(uri.getRawPath()).matches()) {
      return "must have a path of letters, digits and . _ ~ - only";
    }
    if (text.endsWith("/")) {
      return "must not end with a slash: write " + text.replaceAll("/+$", "");
    }
    return uri.normalize().toString().equals(text) && !uri.getRawPath().contains("//")
        ? ""
        : "must have no dot segments or empty segments in its path";
  }

  public URI uri() {
    return URI.create(value);
  }

  /** The path component, empty for a root issuer. */
  public String path() {
    return uri().getRawPath();
  }

  /** Scheme, host and port, without a path. */
  public String origin() {
    return value.substring(0, value.length() - path().length());
  }

  /** Whether browsers reach it by TLS, so that cookies can be {@code Secure}. */
  public boolean isHttps() {
    return "https".equals(uri().getScheme());
  }

  /** Whether its host is this very machine: {@code localhost}, {@code 127.0.0.0/8}, {@code ::1}. */
  public boolean isLoopback() {
    return Loopback.isLoopback(uri().getHost().toLowerCase(Locale.ROOT));
  }

  /** The URL of {@code path}, such as {@code /oauth/token}, below this issuer. */
  public String url(String path) {
    return value + path;
  }

  /** The request path of {@code path} below this issuer. */
  public String route(String path) {
    return path() + path;
  }

  /**
   * The request paths at which the well-known document {@code name} is asked for: path-inserted
   * (RFC 8414) and path-appended (OpenID Connect Discovery); one and the same for a root issuer.
   */
  public List<String> wellKnown(String name) {
    var paths = new LinkedHashSet<String>();
    paths.add("/.well-known/" + name + path());
    paths.add(path() + "/.well-known/" + name);
    return List.copyOf(paths);
  }
}
