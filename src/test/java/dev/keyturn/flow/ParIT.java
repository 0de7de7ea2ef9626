package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Authorization requests that the client hands in itself.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126">RFC 9126</a>
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ParIT {
  private static final String URN = "urn:ietf:params:oauth:request_uri:";
  private static final String GONE = "no longer valid";
  private static Flow flow;

  private final McpClient client = flow.client();
  private final McpClient bank = new McpClient(flow, "bank", "https://bank.example/callback");

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private static Answer push(Form form) {
    return new Wire().post(flow.url("/oauth/par"), form);
  }

  private static Answer push(Form form, String secret) {
    var pair = ("bank:" + secret).getBytes(StandardCharsets.UTF_8);
    var headers = new HashMap<String, String>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    headers.put("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
    return new Wire().send("POST", flow.url("/oauth/par"), headers, form.encoded());
  }

  private static URI authorize(String clientId, String requestUri) {
    return authorize(clientId, requestUri, Form.of());
  }

  private static URI authorize(String clientId, String requestUri, Form beside) {
    var form = Form.of("client_id", clientId, "request_uri", requestUri);
    for (var field : beside.fields()) {
      form = form.and(field.getKey(), field.getValue());
    }
    return flow.browserUrl("/oauth/authorize?" + form.encoded());
  }

  private URI pushed() {
    return authorize(client.id(), push(client.request()).text("request_uri"));
  }

  /** Sections 2.1 and 2.2. */
  @Nested
  class The_endpoint {
    @Test
    void answers_with_a_reference_that_nobody_can_guess() {
      var answer = push(client.request());
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      assertThat(answer.text("request_uri")).matches(URN + "[A-Za-z0-9_-]{43}");
      assertThat(answer.json().getInteger("expires_in")).isEqualTo(90);
      assertThat(answer.header("Cache-Control")).contains("no-store");
    }

    @Test
    void keeps_the_request_under_a_hash() {
      flow.store().forget();
      var requestUri = push(client.request()).text("request_uri");
      var secret = requestUri.substring(URN.length());
      assertThat(flow.store().asked()).noneMatch(key -> key.contains(secret));
      assertThat(flow.store().asked()).anyMatch(key -> key.matches("pushed/[A-Za-z0-9_-]{43}"));
    }

    @Test
    void authenticates_a_client_that_has_a_secret() {
      assertThat(push(bank.request(), Flow.PORTAL_SECRET).status()).isEqualTo(201);
    }

    @Test
    void believes_no_client_without_its_secret() {
      var guessed = push(bank.request(), "guessed");
      assertThat(guessed.status()).isEqualTo(401);
      assertThat(guessed.text("error")).isEqualTo("invalid_client");
      assertThat(guessed.header("WWW-Authenticate")).contains("Basic realm=\"token\"");
      assertThat(push(bank.request()).text("error")).isEqualTo("invalid_client");
    }

    @Test
    void knows_no_stranger() {
      var unknown = push(client.request().with("client_id", "nobody"));
      assertThat(unknown.status()).isEqualTo(401);
      assertThat(unknown.text("error")).isEqualTo("invalid_client");
    }

    @ParameterizedTest
    @CsvSource({
      "redirect_uri, https://evil.example/callback, invalid_request",
      "redirect_uri, http://127.0.0.1:1/other, invalid_request",
      "response_type, token, unsupported_response_type",
      "code_challenge, short, invalid_request",
      "code_challenge_method, plain, invalid_request",
      "scope, nope, invalid_scope",
      "resource, https://evil.example/mcp, invalid_target",
      "max_age, soon, invalid_request",
      "id_token_hint, e30.e30.e30, invalid_request",
      "request, e30.e30., request_not_supported",
      "request_uri, urn:ietf:params:oauth:request_uri:abc, invalid_request"
    })
    void refuses_what_the_authorization_endpoint_would(String name, String value, String error) {
      var answer = push(client.request().with(name, value));
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.text("error")).isEqualTo(error);
    }

    @Test
    void refuses_a_repeated_parameter() {
      assertThat(push(client.request().and("state", "b")).text("error"))
          .isEqualTo("invalid_request");
    }

    /** Section 2.3. */
    @Test
    void refuses_a_request_that_is_too_long_to_keep() {
      var answer = push(client.request().with("claims", "x".repeat(8 * 1024)));
      assertThat(answer.status()).isEqualTo(413);
      assertThat(push(client.request().with("claims", "x".repeat(7 * 1024))).status())
          .isEqualTo(201);
    }

    /** Section 2.3. */
    @Test
    void takes_post_only() {
      var answer = new Wire().get(flow.url("/oauth/par?" + client.request().encoded()));
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).contains("OPTIONS, POST");
    }

    @Test
    void may_be_asked_by_a_page_of_another_origin() {
      var answer =
          new Wire()
              .send(
                  "OPTIONS",
                  flow.url("/oauth/par"),
                  Map.of(
                      "Origin", "https://inspector.example",
                      "Access-Control-Request-Method", "POST",
                      "Access-Control-Request-Headers", "authorization"),
                  "");
      assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
    }

    /** Section 5. */
    @Test
    void stands_in_the_metadata() {
      var metadata = new Wire().get(flow.url("/.well-known/oauth-authorization-server")).json();
      assertThat(metadata.getString("pushed_authorization_request_endpoint"))
          .isEqualTo(flow.url("/oauth/par").toString());
      assertThat(metadata.getBoolean("require_pushed_authorization_requests")).isFalse();
    }
  }

  /** Section 4. */
  @Nested
  class A_pushed_request {
    @Test
    void leads_to_tokens_for_a_public_client() {
      var tokens = client.redeem(flow.alice().logIn(pushed()));
      assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
      assertThat(client.call(tokens.text("access_token")).body()).contains("alice");
    }

    @Test
    void gives_back_the_state_that_was_pushed() {
      assertThat(flow.alice().logIn(pushed()).handed("state")).isEqualTo("a state&more");
    }

    @Test
    void counts_alone() {
      var requestUri = push(client.request().with("scope", "openid")).text("request_uri");
      var beside =
          Form.of(
              "scope", "mcp:tools",
              "state", "other",
              "redirect_uri", "https://evil.example/callback",
              "prompt", "none",
              "ui_locales", "de",
              "code_challenge", McpClient.challenge("w".repeat(43)));
      var bob = new User(flow.browser(), Flow.BOB); // Who has allowed nothing before.
      var handed = bob.logIn(authorize(client.id(), requestUri, beside));
      assertThat(handed.handed("state")).isEqualTo("a state&more");
      assertThat(client.redeem(handed).text("scope")).isEqualTo("openid");
    }

    @Test
    void is_shown_in_its_own_language_only() {
      var requestUri = push(client.request()).text("request_uri");
      var page =
          flow.browser().arriveAt(authorize(client.id(), requestUri, Form.of("ui_locales", "de")));
      assertThat(page.body()).contains("lang=\"en\"");
      var german = push(client.request().with("ui_locales", "de")).text("request_uri");
      assertThat(flow.browser().arriveAt(authorize(client.id(), german)).body())
          .contains("lang=\"de\"");
    }

    @Test
    void is_shown_again_when_the_page_is_reloaded() {
      var url = pushed();
      var alice = flow.alice();
      alice.consentPage(url);
      assertThat(alice.logIn(url).handed("code")).startsWith("ktc_");
    }

    @Test
    void is_spent_at_approval() {
      var url = pushed();
      flow.alice().approve(url);
      var again = flow.alice().consentPage(url);
      assertThat(again.status()).isEqualTo(400);
      assertThat(again.body()).contains(GONE);
    }

    @Test
    void is_approved_in_one_of_two_tabs() {
      var url = pushed();
      var alice = flow.alice();
      var tabs = List.of(alice.consentPage(url), alice.consentPage(url));
      assertThat(alice.browser().press(tabs.get(0), "Allow").status()).isEqualTo(303);
      var second = alice.browser().press(tabs.get(1), "Allow");
      assertThat(second.status()).isEqualTo(400);
      assertThat(second.body()).contains(GONE);
    }

    @Test
    void can_be_approved_on_a_page_that_outlives_it_and_only_once() {
      var url = pushed();
      var alice = flow.alice();
      var tabs = List.of(alice.consentPage(url), alice.consentPage(url));
      flow.clock().forward(Duration.ofMinutes(9));
      assertThat(alice.browser().press(tabs.get(0), "Allow").status()).isEqualTo(303);
      assertThat(alice.browser().press(tabs.get(1), "Allow").body()).contains(GONE);
    }

    @Test
    void is_not_approved_again_however_long_the_other_page_stays_open() {
      var url = pushed();
      var alice = flow.alice();
      var tabs = List.of(alice.consentPage(url), alice.consentPage(url));
      alice.browser().press(tabs.get(0), "Allow");
      flow.clock().forward(Duration.ofMinutes(9));
      assertThat(alice.browser().press(tabs.get(1), "Allow").body()).contains(GONE);
    }

    @Test
    void expires() {
      var url = pushed();
      flow.clock().forward(Duration.ofSeconds(89));
      assertThat(flow.alice().consentPage(url).status()).isEqualTo(200);
      flow.clock().forward(Duration.ofSeconds(1));
      var late = flow.alice().consentPage(url);
      assertThat(late.status()).isEqualTo(400);
      assertThat(late.body()).contains(GONE);
    }

    @Test
    void is_nothing_that_another_client_can_use() {
      var requestUri = push(client.request()).text("request_uri");
      var foreign = flow.alice().consentPage(authorize("desk", requestUri));
      assertThat(foreign.status()).isEqualTo(400);
      assertThat(foreign.body()).contains(GONE);
    }

    @Test
    void that_nobody_pushed_is_not_valid() {
      var page = flow.alice().consentPage(authorize(client.id(), URN + "A".repeat(43)));
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.body()).contains(GONE);
    }
  }

  /** OpenID Connect Core 1.0, section 6.2: what we do not support. */
  @Nested
  class A_request_elsewhere {
    private final McpClient desk = new McpClient(flow, "desk", "https://desk.example/callback");

    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://127.0.0.1:1/request.jwt",
          "https://desk.example/request.jwt",
          "urn:ietf:params:oauth:request_uri:short",
          "urn:example:bwc4JK-ESC0w8acc191e-Y1LTC2"
        })
    void is_refused_and_never_fetched(String requestUri) {
      var answer =
          flow.browser().open(desk.authorize(desk.request().with("request_uri", requestUri)));
      assertThat(answer.handed("error")).isEqualTo("request_uri_not_supported");
    }

    @Test
    void is_refused_on_a_page_where_there_is_nowhere_to_go() {
      var loopback = McpClient.registered(flow, "http://127.0.0.1/callback");
      var page = flow.browser().open(authorize(loopback.id(), "https://desk.example/r.jwt"));
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.body()).contains("request_uri is not supported");
    }
  }

  /** Section 6, {@code require_pushed_authorization_requests} of one client. */
  @Nested
  class A_client_that_must_push {
    @Test
    void is_refused_when_its_request_comes_by_the_browser() {
      var answer = flow.browser().open(bank.authorize());
      assertThat(answer.handed("error")).isEqualTo("invalid_request");
      assertThat(answer.handed("error_description"))
          .isEqualTo("this client must push its requests");
    }

    @Test
    void logs_a_person_in_by_pushing() {
      var requestUri = push(bank.request(), Flow.PORTAL_SECRET).text("request_uri");
      assertThat(flow.alice().logIn(authorize("bank", requestUri)).handed("code"))
          .startsWith("ktc_");
    }
  }
}
