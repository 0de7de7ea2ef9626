package dev.keyturn.given;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A browser whose every step is taken by hand. It sends what a browser sends with a navigation:
 * cookies by {@code SameSite}, {@code Origin}, {@code Sec-Fetch-Site}.
 *
 * <p>Every other origin counts as another site, as it is where the identity provider is not on this
 * very machine.
 */
public final class Browser {
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Wire wire;
  private final CookieJar jar;

  public Browser(Clock clock) {
    this(clock, new Wire());
  }

  public Browser(Clock clock, Wire wire) {
    this.wire = wire;
    this.jar = new CookieJar(clock);
  }

  /** Opens what was typed, or what a program of this computer opens. */
  public Answer open(URI url) {
    return go("GET", url, Site.NONE, Map.of(), "");
  }

  /** Opens what a page of another site links to. */
  public Answer arriveAt(URI url) {
    return go("GET", url, Site.CROSS_SITE, Map.of(), "");
  }

  /** Goes where a redirect leads. */
  public Answer follow(Answer redirect) {
    var target = redirect.url().resolve(redirect.location());
    var site = isSameOrigin(redirect.url(), target) ? redirect.site() : Site.CROSS_SITE;
    return go("GET", target, site, Map.of(), "");
  }

  /** The form that pressing the button {@code label} would send. */
  public Form form(Answer page, String label) {
    return new Page(page.body()).sheet(label).fields();
  }

  /** Presses a button of the page. */
  public Answer press(Answer page, String label) {
    return press(page, label, Form.of());
  }

  /** Fills in {@code typed} and presses a button of the page. */
  public Answer press(Answer page, String label, Form typed) {
    var sheet = new Page(page.body()).sheet(label);
    var form = sheet.fields();
    for (var field : typed.fields()) {
      form = form.with(field.getKey(), field.getValue());
    }
    return submit(page.url(), page.url().resolve(sheet.action()), form);
  }

  /** Sends a form that stands on a page of {@code from}. */
  public Answer submit(URI from, URI to, Form form) {
    var site = isSameOrigin(from, to) ? Site.SAME_ORIGIN : Site.CROSS_SITE;
    var headers = Map.of("Content-Type", FORM, "Origin", originOf(from));
    return go("POST", to, site, headers, form.encoded());
  }

  /**
   * Sends a form as a browser of one's own making would: with all cookies, saying that it comes
   * from {@code site} and {@code origin}.
   */
  public Answer submitAs(Site site, String origin, URI to, Form form) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", FORM);
    headers.put("Origin", origin);
    headers.put("Sec-Fetch-Site", site.wire());
    headers.put("Cookie", jar.header(to, "POST", Site.SAME_ORIGIN));
    return wire.send("POST", to, site, headers, form.encoded());
  }

  /** Forgets the cookies whose names begin so. */
  public void forget(String prefix) {
    jar.forget(prefix);
  }

  /** Holds a cookie that somebody else has made. */
  public void plant(URI url, String pair) {
    jar.take(url, pair + "; Path=/; SameSite=Lax");
  }

  /** The cookies whose names begin so, as {@code name=value}. */
  public List<String> cookiePairs(String prefix) {
    return jar.pairs(prefix);
  }

  /** What a redirect would be that leads elsewhere. */
  public Answer redirected(Answer redirect, String location) {
    var headers = HttpHeaders.of(Map.of("Location", List.of(location)), (name, value) -> true);
    return new Answer(redirect.url(), redirect.site(), redirect.status(), headers, "");
  }

  /** The names of the cookies that it holds. */
  public List<String> cookies() {
    return jar.names();
  }

  public static String originOf(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private Answer go(String method, URI url, Site site, Map<String, String> more, String body) {
    var headers = new LinkedHashMap<>(more);
    headers.put("Sec-Fetch-Site", site.wire());
    headers.put("Sec-Fetch-Mode", "navigate");
    var cookies = jar.header(url, method, site);
    if (!cookies.isEmpty()) {
      headers.put("Cookie", cookies);
    }
    var answer = wire.send(method, url, site, headers, body);
    answer.headers().allValues("Set-Cookie").forEach(line -> jar.take(url, line));
    return answer;
  }

  private static boolean isSameOrigin(URI one, URI other) {
    return originOf(one).equals(originOf(other));
  }
}
