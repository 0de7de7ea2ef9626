package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An earlier decision stands for the page: of the same person, about the same thing, only. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConsentMemoryIT {
  private static final String WEB = "https://web.example/callback";
  private static final String OTHER_PLACE = "https://web.example/other";
  private static final String OTHER_RESOURCE = "https://other.example/mcp";

  /** Who registers the same again is the same client, and has been approved before. */
  private static final AtomicInteger SERIAL = new AtomicInteger();

  private static Flow flow;

  private McpClient client;
  private User alice;
  private Answer connected;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.with("allowed_audiences: [\"" + OTHER_RESOURCE + "\"]"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @BeforeEach
  void connect() {
    client = new McpClient(flow, register(WEB, OTHER_PLACE), WEB);
    alice = flow.alice();
    connected = client.redeem(alice.logIn(client.authorize()));
  }

  @Test
  void the_page_is_skipped_where_the_same_person_comes_back() {
    var handed = finish(alice, departed(client.request()));
    assertThat(handed.location().toString()).startsWith(WEB + "?code=ktc_");
  }

  @Test
  void the_page_is_shown_in_a_browser_that_remembers_nobody() {
    assertAsked(flow.browser().arriveAt(client.authorize()));
  }

  @Test
  void the_cookie_of_the_decision_is_kept_from_scripts_and_says_nothing() {
    var other = flow.alice();
    var handed = other.logIn(client.authorize());
    var cookie =
        handed.headers().allValues("Set-Cookie").stream()
            .filter(line -> line.startsWith("keyturn-consent-"))
            .findFirst()
            .orElseThrow();
    assertThat(cookie).contains("HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=7776000");
    assertThat(
            new String(
                Base64.getUrlDecoder().decode(cookie.replaceAll("^[^=]*=|;.*", "")), ISO_8859_1))
        .doesNotContain("sub", "u_");
  }

  @Test
  void a_cookie_that_was_changed_counts_for_nothing() {
    var other = flow.browser();
    alice.browser().cookiePairs("keyturn-consent-").stream()
        .map(pair -> pair.substring(0, pair.length() - 2) + (pair.endsWith("AA") ? "BB" : "AA"))
        .forEach(pair -> other.plant(flow.url("/"), pair));
    assertAsked(other.arriveAt(client.authorize()));
  }

  @Test
  void the_account_cookie_does_not_pass_for_the_one_of_the_decision() {
    var other = flow.browser();
    alice.browser().cookiePairs("keyturn-account-").stream()
        .map(pair -> pair.replace("keyturn-account-", "keyturn-consent-"))
        .forEach(pair -> other.plant(flow.url("/"), pair));
    assertAsked(other.arriveAt(client.authorize()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"openid mcp:tools offline_access profile", "email"})
  void a_scope_that_was_not_approved_is_asked_for(String scope) {
    assertAsked(ask(form -> form.with("scope", scope)));
  }

  @Test
  void a_resource_that_was_not_approved_is_asked_for() {
    assertAsked(ask(form -> form.with("resource", OTHER_RESOURCE)));
  }

  @Test
  void a_second_resource_beside_the_approved_one_is_asked_for() {
    assertAsked(ask(form -> form.and("resource", OTHER_RESOURCE)));
  }

  @Test
  void a_request_for_no_scope_at_all_needs_a_decision_about_its_resource() {
    assertAsked(ask(form -> form.with("resource", OTHER_RESOURCE).without("scope")));
  }

  @Test
  void a_redirect_uri_that_was_not_approved_is_asked_for() {
    assertAsked(ask(form -> form.with("redirect_uri", OTHER_PLACE)));
  }

  @Test
  void another_client_at_the_same_address_is_asked_for() {
    var other = new McpClient(flow, register(WEB), WEB);
    assertAsked(alice.browser().arriveAt(other.authorize()));
  }

  @Test
  void a_narrower_request_is_not_asked_for() {
    assertThat(departed(client.request().with("scope", "mcp:tools")).status()).isEqualTo(303);
  }

  @Test
  void a_decision_ends_after_ninety_days() {
    var desk = new McpClient(flow, "desk", "https://desk.example/callback");
    var visitor = flow.alice();
    visitor.logIn(desk.authorize());
    flow.clock().forward(Duration.ofDays(90).minusSeconds(1));
    assertThat(visitor.browser().arriveAt(desk.authorize()).status()).isEqualTo(303);
    flow.clock().forward(Duration.ofSeconds(1));
    assertAsked(visitor.browser().arriveAt(desk.authorize()));
  }

  @Test
  void the_client_may_have_the_person_asked_all_the_same() {
    assertAsked(ask(form -> form.with("prompt", "consent")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:33418/callback", "com.example.app:/callback"})
  void a_stranger_on_the_persons_own_machine_is_asked_for_always(String uri) {
    var local = McpClient.registered(flow, uri);
    alice.logIn(local.authorize());
    assertAsked(alice.browser().arriveAt(local.authorize()));
  }

  @Test
  void a_client_of_the_operator_is_remembered() {
    var desk = new McpClient(flow, "desk", "https://desk.example/callback");
    var visitor = flow.alice();
    visitor.logIn(desk.authorize());
    assertThat(visitor.browser().arriveAt(desk.authorize()).status()).isEqualTo(303);
  }

  @Nested
  class Somebody_else_at_the_same_browser {
    private User bob;
    private Answer page;

    @BeforeEach
    void arrive() {
      bob = new User(alice.browser(), Flow.BOB);
      page = finish(bob, departed(client.request()));
    }

    @Test
    void is_asked_before_there_is_a_code() {
      assertAsked(page);
      assertThat(page.header("Location")).isEmpty();
      assertThat(page.body())
          .contains("You have logged in at", "Bob the Builder")
          .doesNotContain("ktc_", "Alice");
    }

    @Test
    void is_given_a_code_of_their_own_when_they_allow_it() {
      var tokens = client.redeem(bob.browser().press(page, "Allow"));
      assertThat(client.call(tokens.text("access_token")).body()).contains("Bob the Builder");
    }

    @Test
    void is_remembered_from_then_on() {
      bob.browser().press(page, "Allow");
      assertThat(finish(bob, departed(client.request())).handed("code")).startsWith("ktc_");
    }

    @Test
    void is_granted_nothing_when_they_deny_it() {
      assertThat(bob.browser().press(page, "Deny").handed("error")).isEqualTo("access_denied");
      assertAsked(finish(bob, departed(client.request())));
    }

    @Test
    void is_not_asked_by_a_form_that_another_browser_sends() {
      var form = bob.browser().form(page, "Allow");
      var sent = flow.browser().submit(page.url(), flow.url("/oauth/consent"), form);
      assertThat(sent.status()).isEqualTo(403);
    }

    @Test
    void answers_once() {
      bob.browser().press(page, "Allow");
      var again = bob.browser().press(page, "Allow");
      assertThat(again.body()).contains("already finished").doesNotContain("ktc_");
    }

    @Test
    void answers_once_also_by_denying() {
      bob.browser().press(page, "Deny");
      assertThat(bob.browser().press(page, "Allow").header("Location")).isEmpty();
    }

    @Test
    void answers_within_ten_minutes() {
      flow.clock().forward(Duration.ofMinutes(10));
      assertThat(bob.browser().press(page, "Allow").header("Location")).isEmpty();
    }

    @Test
    void does_not_take_the_place_of_whom_the_browser_remembers_by_denying() {
      bob.browser().press(page, "Deny");
      assertThat(finish(alice, departed(client.request())).handed("code")).startsWith("ktc_");
    }
  }

  /** Each at a server of its own, where nobody has linked an account before. */
  @Nested
  class Upstream_tokens_of_somebody_who_does_not_approve {
    private Flow own;
    private McpClient editor;
    private User bob;
    private Answer page;

    @BeforeEach
    void start() {
      own = Flow.started();
      editor = McpClient.registered(own, WEB);
      bob = new User(own.alice().browser(), Flow.BOB);
      new User(bob.browser(), Flow.ALICE).logIn(editor.authorize());
    }

    @AfterEach
    void stop() {
      own.close();
    }

    @Test
    void are_in_the_vault_while_the_page_waits() {
      assertThat(inVault(askedAfterLogin())).isTrue();
    }

    @Test
    void are_removed_where_they_use_the_account_for_nothing_else() {
      assertThat(inVault(deniedAfterLogin())).isFalse();
    }

    @Test
    void stay_where_they_use_the_account_already() {
      new User(own.browser(), Flow.BOB).logIn(editor.authorize());
      assertThat(inVault(deniedAfterLogin())).isTrue();
    }

    @Test
    void are_removed_where_the_client_wanted_no_page() {
      var departed =
          bob.browser().arriveAt(editor.authorize(editor.request().with("prompt", "none")));
      var location = departed.location().toString().replace("prompt=none", "prompt=login");
      own.store().forget();
      var answer = finish(bob, bob.browser().redirected(departed, location));
      assertThat(answer.handed("error")).isEqualTo("consent_required");
      assertThat(inVault(entry())).isFalse();
    }

    /** The key of the vault's entry. */
    private String askedAfterLogin() {
      var departed = bob.browser().arriveAt(editor.authorize());
      own.store().forget();
      page = finish(bob, departed);
      assertAsked(page);
      return entry();
    }

    private String entry() {
      var entries =
          own.store().asked().stream().filter(key -> key.startsWith("vault/")).distinct().toList();
      assertThat(entries).hasSize(1);
      return entries.get(0);
    }

    private String deniedAfterLogin() {
      var entry = askedAfterLogin();
      assertThat(bob.browser().press(page, "Deny").handed("error")).isEqualTo("access_denied");
      return entry;
    }

    private boolean inVault(String entry) {
      return done(own.store().get(entry)).isPresent();
    }
  }

  @Test
  void the_cookie_of_another_person_brings_nobody_past_the_page() {
    var mallory = new User(flow.browser(), Flow.BOB);
    mallory.logIn(client.authorize());
    var victim = flow.alice();
    mallory.browser().cookiePairs("keyturn-consent-").stream()
        .forEach(pair -> victim.browser().plant(flow.url("/"), pair));
    var page = finish(victim, victim.browser().arriveAt(client.authorize()));
    assertAsked(page);
    assertThat(page.body()).contains("Alice Liddell").doesNotContain("ktc_");
  }

  @Nested
  class With_prompt_none {
    @Test
    void the_provider_is_asked_to_be_silent_too() {
      assertThat(departed(silent()).location().getRawQuery()).contains("prompt=none");
    }

    @Test
    void the_providers_login_required_comes_back_by_name() {
      var answer = alice.browser().follow(alice.browser().follow(departed(silent())));
      assertThat(answer.handed("error")).isEqualTo("login_required");
      assertThat(answer.handed("state")).isEqualTo("a state&more");
    }

    @Test
    void the_providers_interaction_required_comes_back_by_name() {
      assertThat(provided(departed(silent()), "interaction_required").handed("error"))
          .isEqualTo("interaction_required");
    }

    @Test
    void a_login_that_needs_no_page_ends_with_a_code() {
      assertThat(finish(alice, loud(departed(silent()))).handed("code")).startsWith("ktc_");
    }

    @Test
    void nothing_remembered_is_consent_required_on_a_page_for_a_stranger() {
      var page = flow.browser().arriveAt(client.authorize(silent()));
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.link().toString()).startsWith(WEB + "?error=consent_required");
    }

    @Test
    void nothing_remembered_is_consent_required_for_a_client_of_the_operator() {
      var desk = new McpClient(flow, "desk", "https://desk.example/callback");
      var answer = flow.browser().arriveAt(desk.authorize(desk.request().with("prompt", "none")));
      assertThat(answer.handed("error")).isEqualTo("consent_required");
    }

    @Test
    void more_than_is_remembered_is_consent_required() {
      assertThat(
              alice
                  .browser()
                  .arriveAt(client.authorize(silent().with("scope", "profile")))
                  .handed("error"))
          .isEqualTo("consent_required");
    }

    @Test
    void a_stranger_on_the_persons_own_machine_is_consent_required() {
      var local = McpClient.registered(flow, "http://127.0.0.1:33418/callback");
      alice.logIn(local.authorize());
      var answer =
          alice.browser().arriveAt(local.authorize(local.request().with("prompt", "none")));
      assertThat(answer.handed("error")).isEqualTo("consent_required");
    }

    @Test
    void somebody_else_who_arrives_is_consent_required_without_a_page() {
      var bob = new User(alice.browser(), Flow.BOB);
      var answer = finish(bob, loud(departed(silent())));
      assertThat(answer.handed("error")).isEqualTo("consent_required");
      assertThat(answer.handed()).doesNotContainKey("code");
    }

    private Form silent() {
      return client.request().with("prompt", "none");
    }

    /** As a provider answers that knows the person; the one here always asks for a password. */
    private Answer loud(Answer departed) {
      var location = departed.location().toString().replace("prompt=none", "prompt=login");
      return alice.browser().redirected(departed, location);
    }

    private Answer provided(Answer departed, String error) {
      var state = departed.handed("state");
      return alice
          .browser()
          .arriveAt(
              flow.browserUrl(
                  "/oauth/callback?error="
                      + error
                      + "&state="
                      + state
                      + "&iss="
                      + departed.location().toString().replaceAll("/authorize.*", "")));
    }
  }

  @Nested
  class A_mistake_of_a_client {
    private Form mistake(Form form) {
      return form.with("scope", "nope");
    }

    @Test
    void that_the_person_has_let_in_is_told_by_a_redirect() {
      var answer = ask(this::mistake);
      assertThat(answer.handed("error")).isEqualTo("invalid_scope");
    }

    @Test
    void that_this_browser_does_not_know_is_told_by_a_click_only() {
      var page = flow.browser().arriveAt(client.authorize(mistake(client.request())));
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.header("Location")).isEmpty();
    }

    @Test
    void at_an_address_that_the_person_has_not_let_in_is_told_by_a_click_only() {
      var page = ask(form -> mistake(form).with("redirect_uri", OTHER_PLACE));
      assertThat(page.header("Location")).isEmpty();
    }
  }

  @Nested
  class A_client_that_steps_up {
    private static final String MORE = "profile";

    @Test
    void is_granted_the_whole_which_the_page_names() {
      var page = ask(form -> form.with("scope", MORE));
      assertThat(page.body())
          .contains("see your name", "use “mcp:tools”", "Some of this you have allowed before");
      var tokens = client.redeem(finish(alice, alice.browser().press(page, "Allow")));
      assertThat(tokens.text("scope").split(" "))
          .containsExactlyInAnyOrder("profile", "openid", "mcp:tools", "offline_access");
    }

    @Test
    void is_granted_what_was_asked_for_by_a_page_that_knew_nobody_only_after_a_second_one() {
      var elsewhere = flow.alice();
      var page = elsewhere.consentPage(client.authorize(client.request().with("scope", MORE)));
      assertThat(page.body()).doesNotContain("mcp:tools”");
      var second = finish(elsewhere, elsewhere.browser().press(page, "Allow"));
      assertAsked(second);
      assertThat(second.body()).contains("use “mcp:tools”", "see your name");
      var tokens = client.redeem(elsewhere.browser().press(second, "Allow"));
      assertThat(tokens.text("scope")).contains("mcp:tools", MORE);
    }

    @Test
    void is_not_given_what_somebody_else_has_allowed() {
      var page = ask(form -> form.with("scope", MORE));
      var bob = new User(alice.browser(), Flow.BOB);
      var tokens = client.redeem(finish(bob, alice.browser().press(page, "Allow")));
      assertThat(tokens.text("scope")).isEqualTo(MORE);
    }

    @Test
    void is_not_given_what_another_client_was_allowed() {
      var other = new McpClient(flow, register(WEB), WEB);
      var page = alice.consentPage(other.authorize(other.request().with("scope", MORE)));
      assertThat(page.body()).doesNotContain("mcp:tools”");
    }

    @Test
    void keeps_its_earlier_session_when_it_asks_for_less() {
      finish(alice, departed(client.request().with("scope", "openid")));
      var refreshed = client.refresh(connected.text("refresh_token"));
      assertThat(refreshed.text("scope")).contains("mcp:tools");
    }

    @Test
    void keeps_what_was_allowed_when_it_asks_for_less() {
      var handed = finish(alice, departed(client.request().with("scope", "openid")));
      assertThat(client.redeem(handed).text("scope")).contains("openid", "mcp:tools");
    }
  }

  private Answer ask(UnaryOperator<Form> change) {
    return alice.browser().arriveAt(client.authorize(change.apply(client.request())));
  }

  /** The redirect to the provider, without a page before. */
  private Answer departed(Form request) {
    var answer = alice.browser().arriveAt(client.authorize(request));
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
    assertThat(answer.location().toString()).contains("/authorize?");
    return answer;
  }

  private static Answer finish(User user, Answer departed) {
    return user.browser().follow(user.signIn(user.browser().follow(departed)));
  }

  private static void assertAsked(Answer page) {
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("value=\"deny\"", "value=\"allow\"");
  }

  private static String register(String... uris) {
    var metadata =
        new JsonObject()
            .put("client_name", "Page " + SERIAL.incrementAndGet())
            .put("redirect_uris", new JsonArray(List.of(uris)))
            .put("token_endpoint_auth_method", "none");
    return new Wire()
        .postJson(flow.url("/oauth/register"), Map.of(), metadata.encode())
        .text("client_id");
  }
}
