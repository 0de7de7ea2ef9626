package dev.keyturn.oauth;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A redirection endpoint that a client may register.
 *
 * <p>Everything that two URL parsers could read differently is refused by spelling before anything
 * is parsed: control characters, blanks, backslashes, user information, fragments, non-ASCII, hosts
 * that are numbers in disguise.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.1.2">RFC 6749, section 3.1.2</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8252#section-7">RFC 8252, section 7</a>
 */
public record RedirectUri(String value) {
  private static final int MAX_LENGTH = 2048;
  private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7E&&[^\\\\\"<>^`{|}]]+");
  private static final Pattern AUTHORITY =
      Pattern.compile("(?i)https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[1-9][0-9]{0,4})?([/?].*)?");
  private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*:.+");
  private static final Pattern NAME_OF_APP = Pattern.compile("[A-Za-z0-9._-]+(:[1-9][0-9]{0,3})?");
  private static final Pattern DOTTED = Pattern.compile("[a-z0-9+-]+(\\.[a-z0-9+-]+)+");

  /** What a browser reads as a number, in whatever base: 0x7f000001 and 0177.1 are loopback. */
  private static final Pattern NUMERIC = Pattern.compile("(?i)(.*\\.)?([0-9]+|0x[0-9a-f]*)\\.?");

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Set<String> NEVER =
      Set.of(
          "javascript",
          "data",
          "vbscript",
          "file",
          "filesystem",
          "blob",
          "about",
          "view-source",
          "intent",
          "ws",
          "wss",
          "ftp",
          "mailto");

  /** The private-use schemes of well-known editors, which lack the dot of RFC 8252. */
  public static final Set<String> EDITOR_SCHEMES =
      Set.of("cursor", "vscode", "vscode-insiders", "vscodium", "windsurf", "zed", "code-oss");

  public RedirectUri {
    var complaint = formComplaint(value);
    if (!complaint.isEmpty()) {
      throw new IllegalArgumentException("redirect URI " + complaint);
    }
  }

  /**
   * What is wrong with {@code text} as a redirect URI, as the rest of a sentence; empty when fine.
   *
   * @param schemes private-use schemes without a dot that are allowed all the same
   */
  public static String complaintAbout(String text, Set<String> schemes) {
    var complaint = formComplaint(text);
    return complaint.isEmpty() ? schemeComplaint(text, schemes) : complaint;
  }

  private static String formComplaint(String text) {
    if (text.length() > MAX_LENGTH) {
      return "must be at most " + MAX_LENGTH + " characters long";
    }
    if (text.isEmpty()) {
      return "must be an absolute URI";
    }
    if (!PLAIN.matcher(text).matches()) {
      return "holds a character that a URI may not hold";
    }
    if (text.indexOf('#') >= 0) {
      return "must have no fragment";
    }
    if (!SCHEME.matcher(text).matches()) {
      return "must be an absolute URI";
    }
    var scheme = schemeOf(text);
    if (NEVER.contains(scheme)) {
      return "must not use the scheme " + scheme;
    }
    return switch (scheme) {
      case "https" -> authorityComplaint(text);
      case "http" ->
          authorityComplaint(text).isEmpty() && !isLoopback(text)
              ? "must be https, or http on localhost, 127.0.0.1 or [::1]"
              : authorityComplaint(text);
      default -> privateUseComplaint(text);
    };
  }

  /**
   * Whether {@code requested} is this registered URI: the same text, or, for http on loopback, the
   * same but for the port (RFC 8252, section 7.3, which clients need for {@code localhost} too).
   */
  public boolean admits(String requested) {
    return value.equals(requested)
        || (isLoopbackHttp()
            && formComplaint(requested).isEmpty()
            && schemeOf(requested).equals("http")
            && withoutPort(value).equals(withoutPort(requested)));
  }

  /** Whether it is http on this very machine, where any program may listen. */
  public boolean isLoopbackHttp() {
    return schemeOf(value).equals("http");
  }

  /** Whether the operating system, not a web server, decides who receives it. */
  public boolean isPrivateUse() {
    return !AUTHORITY.matcher(value).matches();
  }

  /** Whether it leads to this very machine, where any program can be the one that answers. */
  public boolean isLocal() {
    return isPrivateUse()
        || hostOf(value)
            .map(host -> host.replaceFirst("\\.$", ""))
            .filter(Loopback::isLoopback)
            .isPresent();
  }

  /** The host that a person may recognise, with its port; the scheme for a private-use URI. */
  public String destination() {
    if (isPrivateUse()) {
      return value.substring(0, value.indexOf(':') + 1);
    }
    return URI.create(value).getRawAuthority();
  }

  private static String authorityComplaint(String text) {
    if (!AUTHORITY.matcher(text).matches()) {
      return "must have a plain host, with no user information";
    }
    return Uris.parse(text)
        .filter(uri -> uri.getHost() != null && uri.getPort() <= 65535)
        .filter(uri -> isPlainHost(uri.getHost()))
        .map(uri -> "")
        .orElse("must have a valid host and port");
  }

  /** Whether every parser takes it for the same host. */
  private static boolean isPlainHost(String host) {
    return !NUMERIC.matcher(host).matches() || IPV4.matcher(host).matches();
  }

  private static String privateUseComplaint(String text) {
    var uri = Uris.parse(text);
    if (uri.isEmpty()) {
      return "is not a URI";
    }
    return Optional.ofNullable(uri.get().getRawAuthority())
        .filter(authority -> !NAME_OF_APP.matcher(authority).matches())
        .map(authority -> "must have a plain host, with no user information")
        .orElse("");
  }

  private static String schemeComplaint(String text, Set<String> schemes) {
    var scheme = schemeOf(text);
    return Set.of("https", "http").contains(scheme)
            || DOTTED.matcher(scheme).matches()
            || schemes.contains(scheme)
        ? ""
        : "uses the scheme " + scheme + ": use https, http on loopback, or a reverse-domain scheme";
  }

  private static String schemeOf(String text) {
    return text.substring(0, text.indexOf(':')).toLowerCase(Locale.ROOT);
  }

  private static boolean isLoopback(String text) {
    return hostOf(text).filter(Set.of("localhost", "127.0.0.1", "[::1]")::contains).isPresent();
  }

  private static Optional<String> hostOf(String text) {
    return Uris.parse(text).map(URI::getHost).map(host -> host.toLowerCase(Locale.ROOT));
  }

  private static String withoutPort(String text) {
    var matcher = AUTHORITY.matcher(text);
    return matcher.matches()
        ? matcher.group(1) + " " + (matcher.group(3) == null ? "" : matcher.group(3))
        : text;
  }
}
