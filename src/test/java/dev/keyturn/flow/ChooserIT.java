package dev.keyturn.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import dev.keyturn.given.User;
import dev.keyturn.idp.Faults;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** People log in at whichever of two providers they have an account at. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ChooserIT {
  private Several several;
  private McpClient client;
  private McpClient tools;
  private User alice;

  @BeforeEach
  void start() {
    several = Several.choosing();
    client = several.client();
    tools = several.toolsClient();
    alice = several.at(Several.ALICE);
  }

  @AfterEach
  void stop() {
    several.close();
  }

  private static Answer choose(User user, McpClient client, String upstream) {
    return user.browser().press(user.browser().arriveAt(client.authorize()), upstream);
  }

  private static Answer logIn(User user, McpClient client, String upstream) {
    var approved = user.browser().press(choose(user, client, "Log in at " + upstream), "Allow");
    return user.browser().follow(user.signIn(user.browser().follow(approved)));
  }

  @Test
  void the_page_says_which_application_asks_and_where_one_can_log_in() {
    assertThat(alice.browser().arriveAt(client.authorize()).body())
        .contains("Where do you want to log in?", "Some Editor")
        .containsSubsequence("Log in at company", "Log in at hub");
  }

  @Test
  void the_consent_page_names_the_chosen_one_alone() {
    assertThat(choose(alice, client, "Log in at company").body())
        .contains("You log in at", "company")
        .doesNotContain(">hub<");
  }

  @Test
  void a_person_of_either_is_let_in() {
    var first = client.redeem(logIn(alice, client, "company"));
    assertThat(client.call(first.text("access_token")).body()).contains("u-alice");
    var second = tools.redeem(logIn(several.at(Several.CODER), tools, "hub"));
    assertThat(tools.call(second.text("access_token")).body()).contains("h-1");
  }

  @Test
  void the_same_account_name_at_two_providers_is_two_people() {
    var first = client.redeem(logIn(alice, client, "company"));
    var second = tools.redeem(logIn(several.at(Several.CODER), tools, "hub"));
    assertThat(subject(first)).isNotEqualTo(subject(second));
  }

  private static String subject(Answer tokens) {
    var payload = tokens.text("access_token").split("\\.", -1)[1];
    var json = new String(Base64.getUrlDecoder().decode(payload), UTF_8);
    return new JsonObject(json).getString("sub");
  }

  @Test
  void whoever_needs_the_other_one_s_tokens_links_an_account_there() {
    var user = several.at(Several.ALICE);
    var approved = user.browser().press(choose(user, tools, "Log in at company"), "Allow");
    var sentOn = user.browser().follow(user.signIn(user.browser().follow(approved)));
    assertThat(sentOn.handed("redirect_uri")).endsWith("/oauth/callback/hub");
  }

  @Test
  void an_approval_that_is_remembered_leads_where_the_person_logged_in_before() {
    logIn(alice, client, "company");
    var sent = alice.browser().arriveAt(client.authorize());
    assertThat(sent.status()).isEqualTo(303);
    assertThat(sent.handed("redirect_uri")).isEqualTo(several.issuer() + "/oauth/callback");
  }

  @Test
  void a_trusted_client_asks_once_where_to_log_in() {
    try (var place = Several.choosingAtTrustedDesk()) {
      var desk = new McpClient(place, "desk", "https://desk.example/cb");
      var user = place.at(Several.ALICE);
      var sent = choose(user, desk, "Log in at company");
      user.browser().follow(user.signIn(user.browser().follow(sent)));
      assertThat(user.browser().arriveAt(desk.authorize()).handed("redirect_uri"))
          .endsWith("/oauth/callback");
    }
  }

  @Test
  void whoever_wants_another_account_is_asked_again() {
    logIn(alice, client, "company");
    var anew = client.authorize(client.request().with("prompt", "select_account"));
    assertThat(alice.browser().arriveAt(anew).body()).contains("Where do you want to log in?");
  }

  @Test
  void a_client_that_wants_no_page_is_told_that_somebody_must_choose() {
    var silent = client.authorize(client.request().with("prompt", "none"));
    assertThat(alice.browser().arriveAt(silent).body()).contains("login_required");
  }

  @Test
  void one_that_is_away_keeps_nobody_from_the_other_one() {
    several.hub().behave(Faults.outage());
    assertThat(logIn(alice, client, "company").handed("code")).startsWith("ktc_");
  }

  @Test
  void the_choice_of_another_site_does_not_count() {
    var page = alice.browser().arriveAt(client.authorize());
    var form = alice.browser().form(page, "Log in at hub");
    var forged =
        alice
            .browser()
            .submit(URI.create("https://evil.example/"), several.url("/oauth/choose"), form);
    assertThat(forged.status()).isEqualTo(403);
  }

  @Test
  void the_choice_of_another_browser_does_not_count() {
    var page = alice.browser().arriveAt(client.authorize());
    var form = alice.browser().form(page, "Log in at hub");
    var other = several.at(Several.BOB).browser();
    other.arriveAt(client.authorize());
    assertThat(other.submit(page.url(), several.url("/oauth/choose"), form).status())
        .isEqualTo(403);
  }

  @Test
  void the_form_of_a_choice_approves_nothing() {
    var page = alice.browser().arriveAt(client.authorize());
    var form = alice.browser().form(page, "Log in at hub").and("decision", "allow");
    assertThat(alice.browser().submit(page.url(), several.url("/oauth/consent"), form).status())
        .isEqualTo(403);
  }

  @Test
  void a_name_that_nobody_can_log_in_at_is_no_choice() {
    var page = alice.browser().arriveAt(client.authorize());
    var form = alice.browser().form(page, "Log in at hub").with("upstream", "nobody");
    assertThat(alice.browser().submit(page.url(), several.url("/oauth/choose"), form).body())
        .contains("Nothing was decided");
  }

  @Test
  void a_page_that_was_left_open_for_too_long_counts_no_more() {
    var page = alice.browser().arriveAt(client.authorize());
    var form = alice.browser().form(page, "Log in at hub");
    several.clock().forward(Duration.ofMinutes(6));
    alice.browser().arriveAt(client.authorize()); // The cookies live on.
    several.clock().forward(Duration.ofMinutes(5));
    assertThat(alice.browser().submit(page.url(), several.url("/oauth/choose"), form).body())
        .contains("open for too long");
  }

  @Test
  void a_login_that_comes_back_where_nobody_may_log_in_any_more_begins_nothing() {
    var user = several.at(Several.CODER);
    var approved = user.browser().press(choose(user, tools, "Log in at hub"), "Allow");
    var signedIn = user.signIn(user.browser().follow(approved));
    several.change("identity: true", "identity: false");
    assertThat(user.browser().follow(signedIn).handed("error"))
        .isEqualTo("temporarily_unavailable");
  }

  @Test
  void nobody_links_by_a_login_where_nobody_may_log_in_any_more() {
    var user = several.at(Several.CODER);
    logIn(user, tools, "hub");
    assertThat(user.browser().open(several.url("/oauth/link/company")).body())
        .doesNotContain("First log in here");
    several.change("identity: true", "identity: false");
    assertThat(user.browser().open(several.url("/oauth/link/company")).body())
        .contains("First log in here");
  }

  @Test
  void the_account_page_asks_where_too() {
    var page = alice.browser().open(several.url("/oauth/account"));
    var sent = alice.browser().press(page, "Log in at hub");
    assertThat(sent.handed("redirect_uri")).endsWith("/oauth/callback/hub");
  }
}
