package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import dev.keyturn.given.User;
import dev.keyturn.idp.Faults;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Somebody logs in at one provider and links an account at another one, in one login. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LinkingIT {
  private Several several;
  private McpClient client;
  private User alice;

  @BeforeEach
  void start() {
    several = Several.started();
    client = several.client();
    alice = several.at(Several.ALICE);
  }

  @AfterEach
  void stop() {
    several.close();
  }

  /** The redirect to the hub, after the login at the company. */
  private Answer sentOn(User user) {
    return user.browser().follow(user.signIn(user.loginPage(client.authorize())));
  }

  private Answer tokens(User user) {
    var page = Several.atHub(user, sentOn(user), Several.CODER);
    return client.redeem(user.browser().press(page, "Link it"));
  }

  private McpClient tools() {
    return new McpClient(several.at("/tools"), client.id(), "https://web.example/callback");
  }

  @Test
  void the_consent_page_names_both_providers() {
    assertThat(alice.consentPage(client.authorize()).body())
        .containsSubsequence("You log in at", "company", "Then you link your account at", "hub");
  }

  @Test
  void each_provider_is_sent_back_to_a_path_of_its_own() {
    var first = alice.approve(client.authorize());
    assertThat(first.handed("redirect_uri")).isEqualTo(several.issuer() + "/oauth/callback");
    var second = alice.browser().follow(alice.signIn(alice.browser().follow(first)));
    assertThat(second.handed("redirect_uri")).isEqualTo(several.issuer() + "/oauth/callback/hub");
  }

  @Test
  void the_second_provider_is_told_nothing_of_the_person() {
    var hinted = client.request().with("login_hint", "alice@example.com");
    var first = alice.browser().follow(alice.approve(client.authorize(hinted)));
    var second = alice.browser().follow(alice.signIn(first)).location().toString();
    assertThat(second).doesNotContain("alice", "u-alice", "u_", "login_hint");
  }

  @Test
  void a_page_names_both_accounts_before_they_are_linked() {
    assertThat(Several.atHub(alice, sentOn(alice), Several.CODER).body())
        .contains("Is this your account at hub?")
        .containsSubsequence("company", "Alice Liddell", "hub", "Alice Codes");
  }

  /** A name is what somebody has chosen, so it tells nobody apart. */
  @Test
  void the_page_names_both_accounts_by_what_the_providers_stand_for() {
    assertThat(Several.atHub(alice, sentOn(alice), Several.CODER).body())
        .containsSubsequence("company", "alice@example.com", "hub", "coder@hub.example");
  }

  @Test
  void each_backend_is_given_the_token_of_its_own_provider() {
    var session = sessionFor("resource");
    assertThat(client.call(session.text("access_token")).body()).contains("u-alice");
    var other = narrowed(session);
    assertThat(tools().call(other).body()).contains("h-1");
  }

  /** A session for both resources. */
  private Answer sessionFor(String more) {
    var both = client.request().and(more, several.url("/tools").toString());
    var sent = alice.browser().follow(alice.signIn(alice.loginPage(client.authorize(both))));
    var page = Several.atHub(alice, sent, Several.CODER);
    return client.redeem(alice.browser().press(page, "Link it"));
  }

  private String narrowed(Answer session) {
    return client
        .token(
            client
                .refreshment(session.text("refresh_token"))
                .with("resource", several.url("/tools").toString()))
        .text("access_token");
  }

  @Test
  void a_link_is_audited() {
    tokens(alice);
    await()
        .untilAsserted(
            () -> assertThat(several.audited("upstream.linked", "upstream")).contains("hub"));
  }

  @Test
  void what_is_linked_and_alive_is_not_asked_for_again() {
    tokens(alice);
    var later = several.at(Several.ALICE);
    assertThat(later.logIn(client.authorize()).handed("code")).startsWith("ktc_");
  }

  @Test
  void a_remembered_approval_stands_for_both() {
    tokens(alice);
    assertThat(alice.consentPage(client.authorize()).status()).isEqualTo(303);
  }

  @Test
  void another_person_has_to_link_an_account_of_their_own() {
    tokens(alice);
    var sent = sentOn(several.at(Several.BOB));
    assertThat(sent.handed("redirect_uri")).endsWith("/oauth/callback/hub");
  }

  @Test
  void an_account_is_linked_in_the_browser_that_logged_in_only() {
    var login = alice.browser().follow(sentOn(alice));
    var signedIn = Several.as(alice, Several.OTHER).signIn(login);
    var victim = several.at(Several.BOB).browser();
    assertThat(victim.follow(signedIn).body()).contains("started elsewhere");
  }

  @Test
  void the_word_of_another_browser_links_nothing() {
    var page = Several.atHub(alice, sentOn(alice), Several.OTHER);
    var form = alice.browser().form(page, "Link it");
    var victim = several.at(Several.BOB).browser();
    victim.open(several.url("/oauth/link/hub"));
    assertThat(victim.submit(page.url(), several.url("/oauth/link/hub"), form).status())
        .isEqualTo(403);
  }

  @Test
  void the_word_of_another_site_links_nothing() {
    var page = Several.atHub(alice, sentOn(alice), Several.OTHER);
    var form = alice.browser().form(page, "Link it");
    var forged =
        alice
            .browser()
            .submit(URI.create("https://evil.example/"), several.url("/oauth/link/hub"), form);
    assertThat(forged.status()).isEqualTo(403);
    await().untilAsserted(() -> assertThat(several.audited()).contains("browser.refused"));
  }

  @Test
  void the_word_for_one_upstream_is_none_for_another() {
    var page = Several.atHub(alice, sentOn(alice), Several.CODER);
    var form = alice.browser().form(page, "Link it");
    assertThat(alice.browser().submit(page.url(), several.url("/oauth/link/company"), form).body())
        .contains("This took too long");
  }

  @Test
  void the_word_counts_once() {
    var page = Several.atHub(alice, sentOn(alice), Several.CODER);
    alice.browser().press(page, "Link it");
    assertThat(alice.browser().press(page, "Link it").body()).contains("already finished");
  }

  @Test
  void a_slow_login_at_the_second_provider_does_not_stretch_the_ten_minutes() {
    var sent = sentOn(alice);
    several.clock().forward(Duration.ofMinutes(9));
    var login = alice.browser().follow(sent);
    var page = alice.browser().follow(Several.as(alice, Several.CODER).signIn(login));
    several.clock().forward(Duration.ofMinutes(2));
    assertThat(alice.browser().press(page, "Link it").body()).contains("This took too long");
  }

  @Test
  void an_answer_that_comes_after_the_ten_minutes_is_not_looked_at() {
    var login = alice.browser().follow(sentOn(alice));
    var signedIn = Several.as(alice, Several.CODER).signIn(login);
    several.hub().behave(Faults.outage());
    var page = alice.browser().follow(signedIn);
    several.hub().behave(Faults.none());
    several.clock().forward(Duration.ofMinutes(9));
    var again = alice.browser().press(page, "Try again");
    several.clock().forward(Duration.ofMinutes(2));
    assertThat(Several.atHub(alice, again, Several.CODER).body()).contains("This took too long");
  }

  @Test
  void a_word_that_is_none_may_be_said_again() {
    var page = Several.atHub(alice, sentOn(alice), Several.CODER);
    var form = alice.browser().form(page, "Link it").with("decision", "perhaps");
    alice.browser().submit(page.url(), several.url("/oauth/link/hub"), form);
    var session = client.redeem(alice.browser().press(page, "Link it"));
    assertThat(session.text("access_token")).isNotEmpty();
  }

  @Test
  void what_is_not_wanted_is_given_back_to_its_provider() {
    var page = Several.atHub(alice, sentOn(alice), Several.OTHER);
    alice.browser().press(page, "Go on without it");
    await().untilAsserted(() -> assertThat(several.audited()).contains("upstream.revoked"));
  }

  @Test
  void what_was_let_go_on_another_page_is_not_linked_without_its_tokens() {
    var first = Several.atHub(alice, sentOn(alice), Several.CODER);
    var second = Several.atHub(alice, sentOn(alice), Several.CODER);
    alice.browser().press(first, "Go on without it");
    assertThat(alice.browser().press(second, "Link it").handed("prompt"))
        .isEqualTo("select_account");
  }

  @Test
  void a_wrong_account_is_left_and_another_one_chosen() {
    var page = Several.atHub(alice, sentOn(alice), Several.OTHER);
    var again = alice.browser().press(page, "Another account");
    assertThat(again.handed("prompt")).isEqualTo("select_account");
    var right = Several.atHub(alice, again, Several.CODER);
    assertThat(right.body()).contains("Alice Codes").doesNotContain("Somebody Else");
  }

  @Test
  void whoever_goes_on_without_it_has_the_rest() {
    var page = Several.atHub(alice, sentOn(alice), Several.OTHER);
    var session = client.redeem(alice.browser().press(page, "Go on without it"));
    assertThat(client.call(session.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  void a_provider_that_is_away_costs_its_own_account_only() {
    var login = alice.browser().follow(sentOn(alice));
    var signedIn = Several.as(alice, Several.CODER).signIn(login);
    several.hub().behave(Faults.outage());
    var page = alice.browser().follow(signedIn);
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Retry-After")).isPresent();
    var session = client.redeem(alice.browser().press(page, "Go on without it"));
    assertThat(client.call(session.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  void a_provider_that_is_down_at_the_start_keeps_nobody_out() {
    try (var without = Several.startedWithoutHub()) {
      var web = without.client();
      var user = without.at(Several.ALICE);
      await().until(() -> user.consentPage(web.authorize()).status() == 200);
      var page = user.logIn(web.authorize());
      assertThat(page.status()).isEqualTo(503);
      var session = web.redeem(user.browser().press(page, "Go on without it"));
      assertThat(web.call(session.text("access_token")).status()).isEqualTo(200);
    }
  }

  @Test
  void a_provider_that_is_back_is_tried_again_without_a_new_login() {
    var login = alice.browser().follow(sentOn(alice));
    var signedIn = Several.as(alice, Several.CODER).signIn(login);
    several.hub().behave(Faults.outage());
    var page = alice.browser().follow(signedIn);
    several.hub().behave(Faults.none());
    var again = alice.browser().press(page, "Try again");
    assertThat(again.handed("prompt")).isEmpty(); // Not every provider knows select_account.
    var linked = Several.atHub(alice, again, Several.CODER);
    var code = alice.browser().press(linked, "Link it");
    assertThat(code.handed("code")).startsWith("ktc_");
  }

  @Test
  void a_client_that_wants_no_page_is_told_that_an_account_is_missing() {
    tokens(alice);
    var account = alice.browser().open(several.url("/oauth/account"));
    var removal = alice.browser().form(account, "Remove access").with("disconnect", hubOf(account));
    alice.browser().submit(account.url(), several.url("/oauth/account"), removal);
    var silent = client.authorize(client.request().with("prompt", "none"));
    var departed = alice.browser().arriveAt(silent);
    var aloud = departed.location().toString().replace("prompt=none", "prompt=login");
    var login = alice.browser().follow(alice.browser().redirected(departed, aloud));
    assertThat(alice.browser().follow(alice.signIn(login)).handed("error"))
        .isEqualTo("interaction_required");
  }

  /** The id of the account at the hub. */
  private static String hubOf(Answer account) {
    return account
        .body()
        .replaceAll("(?s).*dir=\"auto\">hub</h3>.*?name=\"disconnect\" value=\"([^\"]*)\".*", "$1");
  }
}
