package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Site;
import dev.keyturn.given.User;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** People see what they have allowed, and take it back; nobody else does in their name. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AccountIT {
  private static final String WEB = "https://web.example/callback";

  private Flow flow;
  private User alice;
  private McpClient client;
  private Answer tokens;

  @BeforeEach
  void start() {
    flow = Flow.started();
    alice = flow.alice();
    client = McpClient.registered(flow, WEB);
    tokens = client.redeem(alice.logIn(client.authorize()));
  }

  @AfterEach
  void stop() {
    flow.close();
  }

  private Answer page(User user) {
    return user.browser().open(flow.browserUrl("/oauth/account"));
  }

  private Answer press(Answer page, String label) {
    return alice.browser().press(page, label);
  }

  private Answer logIn(User user) {
    var departed = user.browser().press(page(user), "Log in");
    return user.browser().follow(user.signIn(user.browser().follow(departed)));
  }

  @Nested
  class The_page {
    @Test
    void is_open_after_a_login_and_lists_what_was_allowed() {
      assertThat(page(alice).body())
          .contains(
              "You are <strong dir=\"auto\">Alice Liddell</strong>",
              "“Some Editor”",
              "<span class=\"fact\" dir=\"ltr\">web.example</span>",
              "<li>use “mcp:tools”</li>",
              flow.mcp().toString(),
              "November 23, 2026",
              "February 21, 2027");
    }

    @Test
    void lists_the_session_once_it_has_begun() {
      assertThat(page(alice).body()).contains("Disconnect the application");
      var other = flow.alice();
      other.logIn(client.authorize());
      assertThat(page(other).body().split("name=\"end\"", -1)).hasSize(2); // Not the code's.
    }

    @Test
    void says_when_a_session_was_last_renewed() {
      flow.clock().forward(Duration.ofMinutes(10));
      client.refresh(tokens.text("refresh_token"));
      assertThat(page(alice).body()).contains("datetime=\"2026-11-23T12:10:00Z\"");
    }

    @Test
    void is_closed_a_quarter_of_an_hour_after_the_login() {
      flow.clock().forward(Duration.ofMinutes(15));
      assertThat(page(alice).body())
          .contains("Log in to see")
          .doesNotContain("Some Editor", "Alice");
    }

    @Test
    void is_open_by_a_kept_cookie_until_then() {
      assertThat(pageByCookieKeptFor(Duration.ofMinutes(15).minusSeconds(1)).body())
          .contains("Some Editor", "Alice");
    }

    @Test
    void is_closed_then_to_a_cookie_that_was_kept_longer_than_its_age() {
      assertThat(pageByCookieKeptFor(Duration.ofMinutes(15)).body())
          .contains("Log in to see")
          .doesNotContain("Some Editor", "Alice");
    }

    /** As somebody sees it who copied the cookie and minds no {@code Max-Age}. */
    private Answer pageByCookieKeptFor(Duration time) {
      var kept = alice.browser().cookiePairs("keyturn-account-");
      flow.clock().forward(time);
      var thief = new User(flow.browser(), Flow.BOB);
      kept.forEach(pair -> thief.browser().plant(flow.url("/"), pair));
      return page(thief);
    }

    @Test
    void shows_nothing_to_a_browser_in_which_nobody_has_logged_in() {
      assertThat(page(flow.alice()).body())
          .contains("Log in to see")
          .doesNotContain("Some Editor", "Alice");
    }

    @Test
    void opens_by_a_login_without_a_client() {
      var elsewhere = flow.alice();
      var back = logIn(elsewhere);
      assertThat(back.location()).isEqualTo(flow.browserUrl("/oauth/account"));
      assertThat(elsewhere.browser().follow(back).body()).contains("“Some Editor”");
    }

    @Test
    void lists_nothing_of_anybody_else() {
      var bob = new User(flow.browser(), Flow.BOB);
      logIn(bob);
      assertThat(page(bob).body())
          .contains("Bob the Builder", "You have allowed nothing")
          .doesNotContain("Some Editor");
    }

    @Test
    void does_not_open_by_the_cookie_of_decisions() {
      var other = flow.alice();
      alice.browser().cookiePairs("keyturn-consent-").stream()
          .map(pair -> pair.replace("keyturn-consent-", "keyturn-account-"))
          .forEach(pair -> other.browser().plant(flow.url("/"), pair));
      assertThat(page(other).body()).contains("Log in to see");
    }

    @Test
    void cannot_be_put_into_a_frame() {
      var page = page(alice);
      assertThat(page.header("Content-Security-Policy").orElseThrow())
          .contains("frame-ancestors 'none'", "default-src 'none'");
      assertThat(page.header("X-Frame-Options")).contains("DENY");
    }

    @Test
    void is_not_stored_by_anybody() {
      assertThat(page(alice).header("Cache-Control")).contains("no-store");
    }

    @Test
    void forgets_the_person_when_told_to() {
      press(page(alice), "Forget me in this browser");
      assertThat(alice.browser().cookies())
          .noneMatch(name -> name.matches("keyturn-(account|consent)-.*"));
    }
  }

  @Nested
  class The_login {
    @Test
    void is_finished_in_its_own_browser_only() {
      var victim = flow.alice();
      var signedIn =
          victim.signIn(victim.browser().follow(victim.browser().press(page(victim), "Log in")));
      var elsewhere = flow.browser().follow(signedIn);
      assertThat(elsewhere.body()).contains("started elsewhere");
      assertThat(elsewhere.headers().allValues("Set-Cookie")).isEmpty();
    }

    @Test
    void is_not_begun_by_another_site() {
      var form = alice.browser().form(page(flow.alice()), "Log in");
      var forged =
          alice
              .browser()
              .submit(
                  URI.create("https://evil.example/x"), flow.browserUrl("/oauth/account"), form);
      assertThat(forged.status()).isEqualTo(403);
    }

    @Test
    void leads_to_the_page_and_nowhere_else() {
      var elsewhere = flow.alice();
      var page = page(elsewhere);
      var form =
          elsewhere
              .browser()
              .form(page, "Log in")
              .and("redirect_uri", "https://evil.example/")
              .and("return_to", "//evil.example/");
      var departed =
          elsewhere.browser().submit(page.url(), flow.browserUrl("/oauth/account"), form);
      var back = elsewhere.browser().follow(elsewhere.signIn(elsewhere.browser().follow(departed)));
      assertThat(back.location()).isEqualTo(flow.browserUrl("/oauth/account"));
    }

    @Test
    void that_the_person_cancels_says_so_on_a_page_with_a_way_back() {
      var elsewhere = flow.alice();
      var login = elsewhere.browser().follow(elsewhere.browser().press(page(elsewhere), "Log in"));
      var page = elsewhere.browser().follow(elsewhere.browser().press(login, "Cancel"));
      assertThat(page.status()).isEqualTo(403);
      assertThat(page.body()).contains("The login did not succeed");
      assertThat(page.link().toString()).isEqualTo("/oauth/account");
    }

    @Test
    void of_an_account_that_is_not_let_in_opens_nothing() {
      try (var closed = Flow.started(Plan.USUAL.admitting("{emails: [somebody@example.com]}"))) {
        var visitor = closed.alice();
        var page = visitor.browser().open(closed.browserUrl("/oauth/account"));
        var departed = visitor.browser().press(page, "Log in");
        var answer = visitor.browser().follow(visitor.signIn(visitor.browser().follow(departed)));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(visitor.browser().cookies())
            .noneMatch(name -> name.startsWith("keyturn-account"));
      }
    }

    @Test
    void leaves_nothing_in_the_vault() {
      var bob = new User(flow.browser(), Flow.BOB);
      logIn(bob);
      var before = flow.store().size();
      logIn(new User(flow.browser(), Flow.BOB));
      assertThat(flow.store().size()).isEqualTo(before);
    }
  }

  @Nested
  class To_take_an_approval_back {
    @Test
    void ends_the_clients_sessions_at_the_gateway() {
      press(page(alice), "Take back");
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    void ends_the_clients_refresh_tokens() {
      press(page(alice), "Take back");
      assertThat(client.refresh(tokens.text("refresh_token")).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    void stops_a_session_that_has_not_begun() {
      var departed = alice.consentPage(client.authorize());
      var handed = alice.browser().follow(alice.signIn(alice.browser().follow(departed)));
      press(page(alice), "Take back");
      assertThat(client.redeem(handed).text("error")).isEqualTo("invalid_grant");
    }

    @Test
    void asks_again() {
      press(page(alice), "Take back");
      assertThat(alice.consentPage(client.authorize()).body()).contains("value=\"allow\"");
    }

    @Test
    void asks_again_also_in_a_login_that_is_under_way() {
      var login = alice.browser().follow(alice.consentPage(client.authorize()));
      press(page(alice), "Take back");
      var page = alice.browser().follow(alice.signIn(login));
      assertThat(page.body()).contains("value=\"allow\"").doesNotContain("ktc_");
    }

    @Test
    void leaves_other_clients_alone() {
      var desk = new McpClient(flow, "desk", "https://desk.example/callback");
      var others = desk.connect(alice);
      press(page(alice), "Take back"); // The latest stands first.
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
      assertThat(desk.call(others.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    void takes_it_off_the_page_and_is_audited() {
      var after = alice.browser().follow(press(page(alice), "Take back"));
      assertThat(after.body()).contains("You have allowed nothing", "No application is connected");
      await().untilAsserted(() -> assertThat(flow.audited()).contains("consent.revoked"));
    }

    @Test
    void counts_once_and_does_no_harm_twice() {
      var page = page(alice);
      press(page, "Take back");
      assertThat(press(page, "Take back").status()).isEqualTo(303);
    }
  }

  @Nested
  class To_end_a_session {
    @Test
    void ends_it_and_keeps_the_approval() {
      press(page(alice), "Disconnect the application");
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
      assertThat(alice.consentPage(client.authorize()).status()).isEqualTo(303);
    }

    @Test
    void is_audited() {
      press(page(alice), "Disconnect the application");
      await().untilAsserted(() -> assertThat(flow.audited()).contains("session.ended"));
    }
  }

  @Nested
  class To_disconnect_an_account {
    @Test
    void takes_its_tokens_from_every_session() {
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
      press(page(alice), "Remove access");
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    void takes_it_off_the_page_and_is_audited() {
      var after = alice.browser().follow(press(page(alice), "Remove access"));
      assertThat(after.body()).contains("There are none.");
      await().untilAsserted(() -> assertThat(flow.audited()).contains("upstream.disconnected"));
    }
  }

  @Nested
  class A_change_does_not_count {
    private URI account;
    private Answer page;
    private Form form;

    @BeforeEach
    void show() {
      account = flow.browserUrl("/oauth/account");
      page = page(alice);
      form = alice.browser().form(page, "Take back");
    }

    @Test
    void that_another_site_makes_the_browser_send() {
      refused(alice.browser().submit(URI.create("https://evil.example/x"), account, form));
    }

    @Test
    void that_says_it_comes_from_another_site() {
      refused(sendAs(Site.CROSS_SITE, Browser.originOf(page.url())));
    }

    @Test
    void that_says_it_comes_from_another_origin() {
      refused(sendAs(Site.SAME_ORIGIN, "https://evil.example"));
    }

    @Test
    void that_comes_without_the_cookie_of_forms() {
      alice.browser().forget("keyturn-form");
      refused(alice.browser().submit(page.url(), account, form));
    }

    @Test
    void whose_token_is_of_another_page() {
      var other = alice.browser().form(page(alice), "Take back");
      refused(
          alice.browser().submit(page.url(), account, form.with("token", other.value("token"))));
    }

    @Test
    void whose_token_is_of_a_consent_page() {
      var consent =
          alice
              .browser()
              .form(
                  alice.consentPage(client.authorize(client.request().with("prompt", "consent"))),
                  "Allow");
      refused(
          alice.browser().submit(page.url(), account, consent.and("revoke", form.value("revoke"))));
    }

    @Test
    void whose_login_has_ended() {
      flow.clock().forward(Duration.ofMinutes(9));
      page(alice); // The cookie of forms lives on.
      flow.clock().forward(Duration.ofMinutes(6));
      alice.browser().submit(page.url(), account, form);
      assertThat(client.call(freshToken()).status()).isEqualTo(200);
    }

    @Test
    void that_names_what_is_somebody_elses() {
      var bob = new User(flow.browser(), Flow.BOB);
      logIn(bob);
      var page = page(bob);
      var forged =
          bob.browser()
              .form(page, "Forget me in this browser")
              .without("leave")
              .and("revoke", form.value("revoke"));
      bob.browser().submit(page.url(), account, forged);
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
    }

    @Test
    void that_was_on_the_page_of_whoever_was_here_before() {
      var bob = new User(alice.browser(), Flow.BOB);
      bob.logIn(client.authorize(client.request().with("prompt", "consent")));
      assertThat(page(bob).body()).contains("Bob the Builder");
      var mine = page(bob).body().replaceAll("(?s).*name=\"revoke\" value=\"([^\"]*)\".*", "$1");
      alice.browser().submit(page.url(), account, form.with("revoke", mine));
      assertThat(page(bob).body()).contains("name=\"revoke\"");
    }

    private Answer sendAs(Site site, String origin) {
      // The browser's own Strict rule would hide what is judged here, so the cookie comes along.
      return alice.browser().submitAs(site, origin, account, form);
    }

    private String freshToken() {
      return client.refresh(tokens.text("refresh_token")).text("access_token");
    }

    private void refused(Answer answer) {
      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.body()).contains("This change does not count");
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
    }
  }
}
