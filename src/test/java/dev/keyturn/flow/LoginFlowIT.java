package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.idp.Faults;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A person connects a client: registration, approval, login, tokens, a tool. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LoginFlowIT {
  private static Flow flow;

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @AfterEach
  void mend() {
    flow.idp().behave(Faults.none());
  }

  @Test
  void the_login_ends_with_a_code_at_the_client() {
    var handed = flow.alice().logIn(flow.client().authorize());
    assertThat(handed.location().toString())
        .startsWith("http://127.0.0.1:33418/callback?code=ktc_");
  }

  @Test
  void the_answer_to_the_client_carries_its_state_and_our_issuer() {
    var handed = flow.alice().logIn(flow.client().authorize());
    assertThat(handed.handed("state")).isEqualTo("a state&more");
    assertThat(handed.handed("iss")).isEqualTo(flow.issuer());
  }

  @Test
  void the_tokens_reach_the_tool_as_the_person_who_logged_in() {
    var client = flow.client();
    var tokens = client.connect(flow.alice());
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
  }

  @Test
  void nothing_is_stored_before_the_person_approves() {
    var client = flow.client();
    var before = flow.store().size();
    flow.alice().consentPage(client.authorize());
    assertThat(flow.store().size()).isEqualTo(before);
  }

  @Test
  void approval_is_what_stores_the_pending_login() {
    var client = flow.client();
    flow.alice().approve(client.authorize()); // The first one begins the count of its address too.
    var before = flow.store().size();
    flow.alice().approve(client.authorize());
    assertThat(flow.store().size()).isEqualTo(before + 1);
  }

  @Test
  void two_tabs_of_one_browser_both_finish() {
    var client = flow.client();
    var alice = flow.alice();
    var first = alice.consentPage(client.authorize(client.request().with("state", "one")));
    var second = alice.consentPage(client.authorize(client.request().with("state", "two")));
    var browser = alice.browser();
    var firstLogin = browser.follow(browser.press(first, "Allow"));
    var secondLogin = browser.follow(browser.press(second, "Allow"));
    assertThat(browser.follow(alice.signIn(secondLogin)).handed("state")).isEqualTo("two");
    assertThat(browser.follow(alice.signIn(firstLogin)).handed("state")).isEqualTo("one");
  }

  @Test
  void deny_tells_the_client_access_denied() {
    var alice = flow.alice();
    var page = alice.consentPage(flow.client().authorize());
    assertThat(alice.browser().press(page, "Deny").handed("error")).isEqualTo("access_denied");
  }

  @Test
  void deny_stores_nothing() {
    var alice = flow.alice();
    var page = alice.consentPage(flow.client().authorize());
    var before = flow.store().size();
    alice.browser().press(page, "Deny");
    assertThat(flow.store().size()).isEqualTo(before);
  }

  @Test
  void cancel_at_the_provider_tells_the_client_access_denied() {
    var alice = flow.alice();
    var login = alice.loginPage(flow.client().authorize());
    var browser = alice.browser();
    var handed = browser.follow(browser.press(login, "Cancel"));
    assertThat(handed.handed("error")).isEqualTo("access_denied");
  }

  @Test
  void the_providers_own_words_never_reach_the_client() {
    var alice = flow.alice();
    var login = alice.loginPage(flow.client().authorize());
    var browser = alice.browser();
    var handed = browser.follow(browser.press(login, "Cancel"));
    assertThat(handed.location().toString()).doesNotContain("cancelled");
  }

  @Test
  void an_error_of_the_provider_that_is_none_of_the_known_ones_is_server_error() {
    assertThat(answered("evil_words", "Click%20here").handed("error")).isEqualTo("server_error");
  }

  @Test
  void an_error_name_that_concerns_the_person_passes() {
    assertThat(answered("login_required", "x").handed("error")).isEqualTo("login_required");
  }

  @Test
  void an_error_carries_state_and_issuer_too() {
    var handed = answered("evil_words", "x");
    assertThat(handed.handed("state")).isEqualTo("a state&more");
    assertThat(handed.handed("iss")).isEqualTo(flow.issuer());
  }

  @Test
  void a_login_that_is_older_than_max_age_is_login_required() {
    flow.idp()
        .behave(
            Faults.idTokens(
                claims ->
                    claims.claim(
                        "auth_time",
                        flow.clock().instant().minus(Duration.ofHours(1)).getEpochSecond())));
    assertThat(withMaxAge("600")).isEqualTo("login_required");
  }

  @Test
  void a_provider_that_does_not_say_when_the_login_was_is_login_required() {
    flow.idp().behave(Faults.idTokens(claims -> claims.claim("auth_time", null)));
    assertThat(withMaxAge("600")).isEqualTo("login_required");
  }

  @Test
  void a_login_that_is_younger_than_max_age_is_handed_a_code() {
    assertThat(withMaxAge("600")).isEmpty();
  }

  @Test
  void an_application_with_its_own_scheme_is_reached_by_a_link_on_a_page() {
    var client = McpClient.registered(flow, "cursor://anysphere.cursor-retrieval/callback");
    var page = flow.alice().logIn(client.authorize());
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.link().toString())
        .startsWith("cursor://anysphere.cursor-retrieval/callback?code=ktc_");
    assertThat(page.linkText()).isEqualTo("Open the application");
  }

  @Test
  void the_code_of_that_link_is_good() {
    var client = McpClient.registered(flow, "cursor://anysphere.cursor-retrieval/callback");
    var link = flow.alice().logIn(client.authorize()).link().toString();
    var code = link.substring(link.indexOf("code=") + 5, link.indexOf('&'));
    assertThat(client.token(client.redemption(code)).status()).isEqualTo(200);
  }

  @Test
  void a_wrong_password_is_asked_again_and_then_goes_on() {
    var alice = flow.alice();
    var login = alice.loginPage(flow.client().authorize());
    var browser = alice.browser();
    var again =
        browser.press(login, "Sign in", Form.of("username", "alice", "password", "mistyped"));
    assertThat(browser.follow(alice.signIn(again)).handed("code")).startsWith("ktc_");
  }

  private static String withMaxAge(String seconds) {
    var client = flow.client();
    return flow.alice()
        .logIn(client.authorize(client.request().with("max_age", seconds)))
        .handed("error");
  }

  /** What the client is told when the provider answers with an error of its choice. */
  private static dev.keyturn.given.Answer answered(String error, String description) {
    var alice = flow.alice();
    var sent = alice.approve(flow.client().authorize());
    var iss = sent.location().resolve("/").toString().replaceAll("/$", "");
    return alice
        .browser()
        .arriveAt(
            flow.url(
                "/oauth/callback?error=%s&error_description=%s&state=%s&iss=%s"
                    .formatted(error, description, sent.handed("state"), iss)));
  }
}
