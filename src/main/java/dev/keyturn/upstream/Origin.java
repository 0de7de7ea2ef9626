package dev.keyturn.upstream;

import java.net.URI;
import java.util.Locale;

/** Whose word a URL is: scheme, host and port. */
final class Origin {
  private Origin() {}

  /** Whether both are of one origin; what has no host is of none. */
  static boolean same(URI one, URI other) {
    return one.getHost() != null
        && one.getRawUserInfo() == null
        && other.getHost() != null
        && of(one).equals(of(other));
  }

  private static String of(URI url) {
    var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
    var usual = scheme.equals("https") ? 443 : 80;
    var port = url.getPort() < 0 ? usual : url.getPort();
    return scheme + "://" + url.getHost().toLowerCase(Locale.ROOT) + ":" + port;
  }
}
