package dev.keyturn.authorize;

import dev.keyturn.crypto.Digest;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.oauth.Issuer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * The cookies by which a browser is recognised while a login is under way.
 *
 * <p>The <em>form</em> cookie says which browser was shown a consent page. A browser keeps a {@code
 * Strict} cookie to itself when another site leads it here, so a second, {@code Lax} one of the
 * same value tells us then which value to use again: two tabs share it.
 *
 * <p>The <em>flow</em> cookie, one for each pending login, says which browser may finish it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.7.1">RFC 9700, section 4.7.1</a>
 */
final class BrowserCookies {
  private static final int MAX_FLOWS = 8;
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final String DONE = "done.";

  /** Browsers take such a cookie only if it is {@code Secure}, which loopback may set by http. */
  private static final String NONE = "None";

  private final Issuer issuer;
  private final boolean secure;
  private final boolean crossSitePost;
  private final SecureRandom random;
  private final Clock clock;

  /**
   * @param site where browsers see us
   * @param crossSitePost whether the provider answers with a form POST, which carries no Lax cookie
   */
  BrowserCookies(
      Issuer issuer, Issuer site, boolean crossSitePost, SecureRandom random, Clock clock) {
    this(issuer, site.isHttps(), crossSitePost, random, clock);
  }

  private BrowserCookies(
      Issuer issuer, boolean secure, boolean crossSitePost, SecureRandom random, Clock clock) {
    this.issuer = issuer;
    this.secure = secure;
    this.crossSitePost = crossSitePost;
    this.random = random;
    this.clock = clock;
  }

  /**
   * The same for a flow through a provider.
   *
   * @param posts whether that provider answers with a form POST
   */
  BrowserCookies forFlow(boolean posts) {
    return new BrowserCookies(issuer, secure, posts, random, clock);
  }

  /** The value that forms of this browser are bound to; a new one for a new browser. */
  String formValue(Request request) {
    return Optional.ofNullable(request.cookies().get(name("browser")))
        .filter(value -> value.matches("[A-Za-z0-9_-]{43}"))
        .orElseGet(this::secret);
  }

  /** Sets both form cookies. */
  Reply rememberForm(Reply reply, String value) {
    return reply
        .with("Set-Cookie", cookie(name("browser"), value, "Lax", LIFE))
        .with("Set-Cookie", cookie(name("form"), value, "Strict", LIFE));
  }

  /** The value that this very browser was given together with a form. */
  Optional<String> formValueSent(Request request) {
    return Optional.ofNullable(request.cookies().get(name("form")));
  }

  /** A new value for a flow cookie. */
  String flowValue() {
    return clock.instant().getEpochSecond() + "." + secret();
  }

  /** Sets the flow cookie of {@code state}; the oldest goes if there are too many. */
  Reply rememberFlow(Reply reply, Request request, String state, String value) {
    var flows =
        request.cookies().entrySet().stream()
            .filter(cookie -> cookie.getKey().startsWith(name("flow-")))
            .sorted(
                Comparator.comparing((Map.Entry<String, String> cookie) -> age(cookie.getValue())))
            .toList();
    var answer = reply.with("Set-Cookie", cookie(flowName(state), value, flowSite(), LIFE));
    for (var old : flows.subList(0, Math.max(0, flows.size() - MAX_FLOWS + 1))) {
      answer = answer.with("Set-Cookie", expired(old.getKey()));
    }
    return answer;
  }

  /** The flow cookie of {@code state} in this browser. */
  Optional<String> flowSent(Request request, String state) {
    return Optional.ofNullable(request.cookies().get(flowName(state)));
  }

  /** Marks the flow of {@code state} as finished in this browser, in the language {@code tag}. */
  Reply finishFlow(Reply reply, String state, String tag) {
    return reply.with("Set-Cookie", cookie(flowName(state), DONE + tag, flowSite(), LIFE));
  }

  /** The language in which the flow was finished in this browser, if {@code value} says so. */
  static Optional<String> finishedIn(String value) {
    return value.startsWith(DONE) ? Optional.of(value.substring(DONE.length())) : Optional.empty();
  }

  /**
   * Sets a cookie of this issuer, which its neighbours on the same host do not see.
   *
   * <p>It is {@code Lax}: a browser that comes from a client or from the provider brings it along.
   */
  Reply setOwn(Reply reply, String purpose, String value, Duration life) {
    return reply.with("Set-Cookie", cookie(ownName(purpose), value, "Lax", life));
  }

  Optional<String> ownSent(Request request, String purpose) {
    return Optional.ofNullable(request.cookies().get(ownName(purpose)));
  }

  Reply dropOwn(Reply reply, String purpose) {
    return reply.with("Set-Cookie", expired(ownName(purpose)));
  }

  private String ownName(String purpose) {
    return name(purpose + "-" + Digest.of(issuer.value()).substring(0, 16));
  }

  /** Browsers drop a cookie that is {@code None} and not secure; unmarked, it has a chance. */
  private String flowSite() {
    return crossSitePost ? NONE : "Lax";
  }

  private String flowName(String state) {
    return name("flow-" + Digest.of(issuer.value() + " " + state).substring(0, 16));
  }

  private String name(String purpose) {
    return (secure ? "__Host-" : "") + "keyturn-" + purpose;
  }

  private String cookie(String name, String value, String site, Duration life) {
    return name
        + "="
        + value
        + "; Path=/; Max-Age="
        + life.toSeconds()
        + "; HttpOnly; SameSite="
        + site
        + (secure || site.equals(NONE) ? "; Secure" : "");
  }

  private String expired(String name) {
    return name + "=; Path=/; Max-Age=0; HttpOnly" + (secure ? "; Secure" : "");
  }

  private static Instant age(String value) {
    return value.matches("[0-9]{1,11}\\..*")
        ? Instant.ofEpochSecond(Long.parseLong(value.substring(0, value.indexOf('.'))))
        : Instant.EPOCH;
  }

  private String secret() {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
