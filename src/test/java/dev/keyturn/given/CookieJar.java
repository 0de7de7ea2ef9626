package dev.keyturn.given;

import static java.util.stream.Collectors.joining;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The cookies of one browser profile: RFC 6265 as far as a login can tell the difference.
 *
 * <p>Ports are not told apart, and a cookie that a browser would not take is not taken.
 */
final class CookieJar {
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

  private final Clock clock;
  private final List<Cookie> cookies = new ArrayList<>();

  CookieJar(Clock clock) {
    this.clock = clock;
  }

  void take(URI url, String line) {
    var cookie = Cookie.parse(url, line, clock.instant());
    if (cookie.isTakenFrom(url)) {
      cookies.removeIf(old -> old.host().equals(cookie.host()) && old.name().equals(cookie.name()));
      cookies.add(cookie);
    }
  }

  /** The {@code Cookie} header of a navigation; empty if there is none. */
  String header(URI url, String method, Site site) {
    return cookies.stream()
        .filter(cookie -> cookie.isAliveAt(clock.instant()) && cookie.belongsTo(url))
        .filter(cookie -> cookie.crosses(method, site))
        .map(cookie -> cookie.name() + "=" + cookie.value())
        .collect(joining("; "));
  }

  void forget(String prefix) {
    cookies.removeIf(cookie -> cookie.name().startsWith(prefix));
  }

  List<String> pairs(String prefix) {
    return cookies.stream()
        .filter(cookie -> cookie.name().startsWith(prefix))
        .filter(cookie -> cookie.isAliveAt(clock.instant()))
        .map(cookie -> cookie.name() + "=" + cookie.value())
        .toList();
  }

  List<String> names() {
    return cookies.stream()
        .filter(cookie -> cookie.isAliveAt(clock.instant()))
        .map(Cookie::name)
        .toList();
  }

  private record Cookie(
      String host,
      String path,
      String name,
      String value,
      String sameSite,
      boolean secure,
      Instant until) {
    static Cookie parse(URI url, String line, Instant now) {
      var pair = line.split(";", 2)[0];
      var age = attribute(line, "max-age");
      return new Cookie(
          url.getHost(),
          attribute(line, "path").isEmpty() ? "/" : attribute(line, "path"),
          pair.substring(0, pair.indexOf('=')).strip(),
          pair.substring(pair.indexOf('=') + 1).strip(),
          attribute(line, "samesite").toLowerCase(Locale.ROOT),
          line.toLowerCase(Locale.ROOT).contains("; secure"),
          age.isEmpty() ? Instant.MAX : now.plus(Duration.ofSeconds(Long.parseLong(age))));
    }

    private static String attribute(String line, String name) {
      var matcher =
          Pattern.compile(";\\s*" + name + "=([^;]*)", Pattern.CASE_INSENSITIVE).matcher(line);
      return matcher.find() ? matcher.group(1).strip() : "";
    }

    boolean isTakenFrom(URI url) {
      var trustworthy = url.getScheme().equals("https") || LOOPBACK.contains(url.getHost());
      var host = !name.startsWith("__Host-") || (secure && path.equals("/"));
      return host && (!secure || trustworthy) && (secure || !sameSite.equals("none"));
    }

    boolean isAliveAt(Instant now) {
      return now.isBefore(until);
    }

    boolean belongsTo(URI url) {
      return host.equals(url.getHost())
          && (url.getPath().equals(path)
              || url.getPath().startsWith(path.endsWith("/") ? path : path + "/"));
    }

    boolean crosses(String method, Site site) {
      return site != Site.CROSS_SITE
          || sameSite.equals("none")
          || (sameSite.equals("lax") && method.equals("GET"));
    }
  }
}
