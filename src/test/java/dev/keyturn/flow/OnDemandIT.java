package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import dev.keyturn.given.User;
import dev.keyturn.idp.Faults;
import dev.keyturn.idp.Person;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** An account is linked by those who need it, when they need it, and at no other time. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OnDemandIT {
  private Several several;
  private McpClient client;
  private McpClient tools;
  private User alice;

  @BeforeEach
  void start() {
    several = Several.started("login: on_demand");
    client = several.client();
    tools = several.toolsClient();
    alice = several.at(Several.ALICE);
  }

  @AfterEach
  void stop() {
    several.close();
  }

  /** A session of the client of the hub's tools. */
  private Answer connectTools(User user) {
    var page = Several.atHub(user, user.logIn(tools.authorize()), Several.CODER);
    return tools.redeem(user.browser().press(page, "Link it"));
  }

  @Nested
  class In_a_client_s_login {
    @Test
    void who_needs_no_account_there_is_asked_for_none() {
      assertThat(alice.logIn(client.authorize()).handed("code")).startsWith("ktc_");
    }

    @Test
    void who_does_is_asked_and_served() {
      var session = connectTools(alice);
      assertThat(tools.call(session.text("access_token")).body()).contains("h-1");
    }

    @Test
    void the_approval_page_names_it_to_those_only() {
      assertThat(alice.consentPage(client.authorize()).body()).doesNotContain(">hub<");
      assertThat(alice.consentPage(tools.authorize()).body()).contains(">hub<");
    }
  }

  @Nested
  class From_the_gateway_s_challenge {
    private Answer without() {
      var page = Several.atHub(alice, alice.logIn(tools.authorize()), Several.OTHER);
      return tools.redeem(alice.browser().press(page, "Go on without it"));
    }

    @Test
    void a_session_without_the_account_is_challenged() {
      var called = tools.call(without().text("access_token"));
      assertThat(called.status()).isEqualTo(401);
      assertThat(called.header("WWW-Authenticate").orElseThrow())
          .contains("resource_metadata", "invalid_token")
          .doesNotContain("u_", "alice");
    }

    @Test
    void its_refresh_token_is_refused_then_so_that_the_client_logs_in_anew() {
      var session = without();
      assertThat(tools.refresh(session.text("refresh_token")).status()).isEqualTo(200);
      tools.call(session.text("access_token"));
      assertThat(tools.refresh(session.text("refresh_token")).text("error"))
          .isEqualTo("invalid_grant");
    }

    @Test
    void the_login_that_follows_asks_for_the_missing_account_alone() {
      tools.call(without().text("access_token"));
      var sentOn = alice.browser().arriveAt(tools.authorize());
      var back = alice.browser().follow(alice.signIn(alice.browser().follow(sentOn)));
      assertThat(back.handed("redirect_uri")).endsWith("/oauth/callback/hub");
      var page = Several.atHub(alice, back, Several.CODER);
      var session = tools.redeem(alice.browser().press(page, "Link it"));
      assertThat(tools.call(session.text("access_token")).body()).contains("h-1");
    }
  }

  @Nested
  class Where_one_account_has_died {
    private Answer session;

    @BeforeEach
    void let_it_die() {
      var both = tools.request().and("resource", several.mcp().toString());
      var page = Several.atHub(alice, alice.logIn(tools.authorize(both)), Several.CODER);
      session = tools.redeem(alice.browser().press(page, "Link it"));
      several.hub().behave(Faults.refusedRefresh());
      several.clock().forward(Duration.ofMinutes(5));
    }

    private String forCompany() {
      return tools
          .token(
              tools
                  .refreshment(session.text("refresh_token"))
                  .with("resource", several.mcp().toString()))
          .text("access_token");
    }

    @Test
    void its_own_backend_says_so_and_the_other_one_goes_on() {
      var elsewhere = forCompany();
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
      assertThat(client.call(elsewhere).status()).isEqualTo(200);
    }

    @Test
    void the_session_is_told_to_end_at_its_next_refresh() {
      forCompany();
      tools.call(session.text("access_token"));
      assertThat(tools.refresh(session.text("refresh_token")).text("error"))
          .isEqualTo("invalid_grant");
      await()
          .untilAsserted(
              () ->
                  assertThat(several.audited("session.ended", "outcome"))
                      .containsExactly("link_missing"));
    }

    @Test
    void before_anybody_asked_for_it_nothing_ends() {
      assertThat(tools.refresh(session.text("refresh_token")).status()).isEqualTo(200);
    }

    @Test
    void the_next_login_asks_for_that_account_alone_and_knows_it() {
      tools.call(session.text("access_token"));
      several.hub().behave(Faults.none());
      var sent = alice.browser().arriveAt(tools.authorize());
      var back = alice.browser().follow(alice.signIn(alice.browser().follow(sent)));
      assertThat(back.handed("redirect_uri")).endsWith("/oauth/callback/hub");
      assertThat(Several.atHub(alice, back, Several.CODER).handed("code")).startsWith("ktc_");
    }
  }

  private Answer link(User user) {
    return user.browser().open(several.url("/oauth/link/hub"));
  }

  /** Links an account on the page for it, in the browser that has logged in. */
  private void linkByOneself(User user, Person account) {
    var page = Several.atHub(user, user.browser().press(link(user), "Log in there"), account);
    if (page.status() == 200) {
      user.browser().press(page, "Link it");
    }
  }

  private void remove(User user) {
    var account = user.browser().open(several.url("/oauth/account"));
    var form = user.browser().form(account, "Remove access");
    user.browser()
        .submit(
            account.url(), several.url("/oauth/account"), form.with("disconnect", hubOf(account)));
  }

  /** The id of the account at the hub. */
  private static String hubOf(Answer account) {
    return account
        .body()
        .replaceAll("(?s).*dir=\"auto\">hub</h3>.*?name=\"disconnect\" value=\"([^\"]*)\".*", "$1");
  }

  @Nested
  class Of_a_session_that_runs {
    @Test
    void an_account_is_not_used_that_was_linked_later() {
      var page = Several.atHub(alice, alice.logIn(tools.authorize()), Several.OTHER);
      var session = tools.redeem(alice.browser().press(page, "Go on without it"));
      linkByOneself(alice, Several.CODER);
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    void nor_another_account_in_place_of_the_one_it_was_approved_for() {
      var session = connectTools(alice);
      remove(alice);
      linkByOneself(alice, Several.OTHER);
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
    }

    @Test
    void the_account_that_it_was_approved_for_serves_as_soon_as_it_is_linked_anew() {
      var session = connectTools(alice);
      remove(alice);
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
      linkByOneself(alice, Several.CODER);
      assertThat(tools.call(session.text("access_token")).body()).contains("h-1");
    }
  }

  @Nested
  class Of_one_s_own_accord {

    @Test
    void nobody_links_anything_who_has_not_logged_in() {
      var page = link(alice);
      assertThat(page.body()).contains("First log in here", "Log in at company");
    }

    @Test
    void who_has_just_logged_in_links_an_account_and_sees_it() {
      alice.logIn(client.authorize());
      var sent = alice.browser().press(link(alice), "Log in there");
      var page = Several.atHub(alice, sent, Several.CODER);
      assertThat(page.body()).containsSubsequence("company", "Alice Liddell", "Alice Codes");
      var account = alice.browser().follow(alice.browser().press(page, "Link it"));
      assertThat(account.body())
          .containsPattern("<h3 id=\"account-1\" dir=\"auto\">hub</h3>")
          .doesNotContain("Link an account at hub");
    }

    @Test
    void the_account_page_leads_there() {
      alice.logIn(client.authorize());
      var account = alice.browser().open(several.url("/oauth/account"));
      assertThat(account.linkText()).isEqualTo("Link an account at hub");
      assertThat(account.link()).hasToString("/oauth/link/hub");
    }

    @Test
    void a_login_without_a_client_leads_back_there() {
      var sent = alice.browser().press(link(alice), "Log in at company");
      var back = alice.browser().follow(alice.signIn(alice.browser().follow(sent)));
      assertThat(back.location()).isEqualTo(several.url("/oauth/link/hub"));
      assertThat(alice.browser().follow(back).body()).contains("You are <strong");
    }

    @Test
    void what_is_linked_so_is_not_asked_for_at_the_next_login() {
      alice.logIn(client.authorize());
      var page =
          Several.atHub(alice, alice.browser().press(link(alice), "Log in there"), Several.CODER);
      alice.browser().press(page, "Link it");
      var session = tools.redeem(alice.logIn(tools.authorize()));
      assertThat(tools.call(session.text("access_token")).body()).contains("h-1");
    }

    @Test
    void a_login_counts_for_ten_minutes() {
      alice.logIn(client.authorize());
      several.clock().forward(Duration.ofMinutes(10));
      assertThat(link(alice).body()).contains("First log in here");
    }

    @Test
    void a_page_of_one_person_links_nothing_to_the_next_one() {
      alice.logIn(client.authorize());
      var mine = link(alice);
      var anew = client.request().with("prompt", "consent");
      Several.as(alice, Several.BOB).logIn(client.authorize(anew));
      assertThat(alice.browser().press(mine, "Log in there").body()).contains("This took too long");
    }

    @Test
    void a_link_on_another_site_begins_nothing() {
      alice.logIn(client.authorize());
      var page = alice.browser().arriveAt(several.url("/oauth/link/hub"));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.header("Location")).isEmpty();
    }

    @Test
    void the_identity_is_no_account_to_link() {
      alice.logIn(client.authorize());
      assertThat(alice.browser().open(several.url("/oauth/link/company")).body())
          .doesNotContain("Log in there");
    }

    @Test
    void an_upstream_that_is_not_there_is_404() {
      assertThat(alice.browser().open(several.url("/oauth/link/nobody")).status()).isEqualTo(404);
    }

    @Test
    void what_is_removed_serves_nobody_any_more() {
      var session = connectTools(alice);
      remove(alice);
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
    }
  }
}
