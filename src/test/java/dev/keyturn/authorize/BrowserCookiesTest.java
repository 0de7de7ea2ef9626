package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenServer;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Request;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Issuer;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrowserCookiesTest {
  private static final Issuer HTTPS = new Issuer("https://as.example");
  private static final Issuer HTTP = new Issuer("http://127.0.0.1:8080");
  private static final String VALUE = "v".repeat(43);

  private final SettableClock clock = new SettableClock();
  private volatile Function<Request, Reply> action = request -> Reply.empty(204);
  private final GivenServer server = GivenServer.with(HTTP, List.of(new Anything()));

  @AfterEach
  void stop() {
    server.close();
  }

  private BrowserCookies cookies(Issuer site) {
    return cookies(site, false);
  }

  private BrowserCookies cookies(Issuer site, boolean crossSitePost) {
    return new BrowserCookies(site, site, crossSitePost, new SecureRandom(), clock);
  }

  /** The cookies that are set when {@code action} is asked by a browser that has {@code sent}. */
  private List<String> set(String sent, Function<Request, Reply> answer) {
    action = answer;
    var request = server.request("GET", "/", "");
    return server
        .send(sent.isEmpty() ? request : request.header("Cookie", sent))
        .headers()
        .allValues("Set-Cookie");
  }

  /** What {@code question} answers for a browser that has {@code sent}. */
  private String told(String sent, Function<Request, String> question) {
    return set(sent, request -> Reply.empty(204).with("Set-Cookie", question.apply(request)))
        .get(0);
  }

  private static String pair(String cookie) {
    return cookie.substring(0, cookie.indexOf(';'));
  }

  private final class Anything implements Endpoint {
    @Override
    public List<Route> routes() {
      return List.of(
          Route.forPeople(
              List.of("/"),
              Set.of("GET"),
              request -> Future.succeededFuture(action.apply(request))));
    }
  }

  @Nested
  class Form_cookies {
    @Test
    void are_locked_to_the_host_by_https() {
      assertThat(set("", request -> cookies(HTTPS).rememberForm(Reply.empty(200), VALUE)))
          .containsExactly(
              "__Host-keyturn-browser="
                  + VALUE
                  + "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure",
              "__Host-keyturn-form="
                  + VALUE
                  + "; Path=/; Max-Age=600; HttpOnly; SameSite=Strict; Secure");
    }

    @Test
    void have_no_host_prefix_by_http() {
      assertThat(set("", request -> cookies(HTTP).rememberForm(Reply.empty(200), VALUE)))
          .containsExactly(
              "keyturn-browser=" + VALUE + "; Path=/; Max-Age=600; HttpOnly; SameSite=Lax",
              "keyturn-form=" + VALUE + "; Path=/; Max-Age=600; HttpOnly; SameSite=Strict");
    }

    @Test
    void keep_the_value_that_the_browser_has() {
      assertThat(told("__Host-keyturn-browser=" + VALUE, cookies(HTTPS)::formValue))
          .isEqualTo(VALUE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "__Host-keyturn-browser=short",
          "keyturn-browser=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv",
          "__Host-keyturn-form=vvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvvv"
        })
    void have_a_new_value_for_a_browser_that_brings_no_good_one(String sent) {
      assertThat(told(sent, cookies(HTTPS)::formValue))
          .matches("[A-Za-z0-9_-]{43}")
          .isNotEqualTo(VALUE);
    }

    @Test
    void prove_the_browser_by_the_strict_one_only() {
      assertThat(
              told(
                  "__Host-keyturn-browser=" + VALUE,
                  request -> cookies(HTTPS).formValueSent(request).orElse("none")))
          .isEqualTo("none");
    }
  }

  @Nested
  class A_flow_cookie {
    private String remembered(Issuer site, boolean crossSitePost) {
      var cookies = cookies(site, crossSitePost);
      return set("", request -> cookies.rememberFlow(Reply.empty(200), request, "state", "1.x"))
          .get(0);
    }

    @Test
    void is_named_by_the_hash_of_its_state() {
      assertThat(remembered(HTTPS, false))
          .matches("__Host-keyturn-flow-[A-Za-z0-9_-]{16}=1\\.x; .*");
    }

    @Test
    void is_sent_along_when_the_provider_sends_the_browser_back() {
      assertThat(remembered(HTTPS, false))
          .endsWith("; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure");
    }

    @Test
    void is_sent_along_with_the_providers_form() {
      assertThat(remembered(HTTPS, true))
          .endsWith("; Path=/; Max-Age=600; HttpOnly; SameSite=None; Secure");
    }

    @Test
    void is_secure_on_loopback_too_as_browsers_would_drop_it_otherwise() {
      assertThat(remembered(HTTP, true))
          .endsWith("; Path=/; Max-Age=600; HttpOnly; SameSite=None; Secure");
    }

    @Test
    void differs_for_another_server_at_the_same_host() {
      var one = new BrowserCookies(HTTPS, HTTPS, false, new SecureRandom(), clock);
      var other =
          new BrowserCookies(
              new Issuer("https://as.example/b"), HTTPS, false, new SecureRandom(), clock);
      assertThat(set("", r -> one.rememberFlow(Reply.empty(200), r, "state", "1.x")))
          .isNotEqualTo(set("", r -> other.rememberFlow(Reply.empty(200), r, "state", "1.x")));
    }

    @Test
    void is_found_by_its_state() {
      var cookie = pair(remembered(HTTPS, false));
      assertThat(told(cookie, r -> cookies(HTTPS).flowSent(r, "state").orElse("none")))
          .isEqualTo("1.x");
      assertThat(told(cookie, r -> cookies(HTTPS).flowSent(r, "other").orElse("none")))
          .isEqualTo("none");
    }

    @Test
    void says_when_it_was_made_and_nothing_else_that_can_be_guessed() {
      assertThat(cookies(HTTPS).flowValue())
          .matches(clock.instant().getEpochSecond() + "\\.[A-Za-z0-9_-]{43}");
    }

    @Test
    void becomes_a_mark_when_the_login_is_finished() {
      var cookies = cookies(HTTPS);
      var mark = pair(set("", r -> cookies.finishFlow(Reply.empty(200), "state", "de")).get(0));
      assertThat(told(mark, r -> cookies.flowSent(r, "state").orElse("none")))
          .satisfies(value -> assertThat(BrowserCookies.finishedIn(value)).contains("de"));
    }

    @Test
    void is_not_finished_before() {
      assertThat(BrowserCookies.finishedIn(cookies(HTTPS).flowValue())).isEmpty();
    }
  }

  @Nested
  class Of_many_flows {
    private String flows(int count) {
      return String.join("; ", IntStream.range(0, count).mapToObj(this::flow).toList());
    }

    /** The later, the older. */
    private String flow(int number) {
      return "__Host-keyturn-flow-" + number + "=" + (1_900_000_000L - number) + ".x";
    }

    private Stream<String> dropped(String sent) {
      var cookies = cookies(HTTPS);
      clock.forward(Duration.ofSeconds(1));
      return set(sent, r -> cookies.rememberFlow(Reply.empty(200), r, "state", cookies.flowValue()))
          .stream()
          .filter(cookie -> cookie.contains("Max-Age=0"));
    }

    @Test
    void eight_stay() {
      assertThat(dropped(flows(7))).isEmpty();
    }

    @Test
    void the_oldest_goes_for_a_ninth() {
      assertThat(dropped(flows(8)))
          .containsExactly("__Host-keyturn-flow-7=; Path=/; Max-Age=0; HttpOnly; Secure");
    }

    @Test
    void all_that_are_too_many_go() {
      assertThat(dropped(flows(11))).hasSize(4);
    }

    @Test
    void a_finished_one_goes_first() {
      assertThat(dropped("__Host-keyturn-flow-done=done; " + flows(7)))
          .singleElement()
          .asString()
          .startsWith("__Host-keyturn-flow-done=;");
    }

    @Test
    void other_cookies_do_not_count() {
      assertThat(dropped(flows(7) + "; __Host-keyturn-form=x; other-flow-1=x; keyturn-flow-1=x"))
          .isEmpty();
    }
  }
}
