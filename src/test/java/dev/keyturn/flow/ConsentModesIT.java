package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.User;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What the operator may say about being asked. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConsentModesIT {
  private static final String WEB = "https://web.example/callback";

  @Test
  void always_asks_at_each_login_and_lets_no_browser_remember() {
    try (var flow = Flow.started(Plan.USUAL.with("consent: {mode: always}"))) {
      var desk = desk(flow);
      var alice = flow.alice();
      alice.logIn(desk.authorize());
      assertThat(alice.browser().cookies()).noneMatch(name -> name.startsWith("keyturn-consent"));
      assertAsked(alice.consentPage(desk.authorize()));
    }
  }

  @Test
  void always_grants_what_was_asked_for_and_no_more() {
    try (var flow = Flow.started(Plan.USUAL.with("consent: {mode: always}"))) {
      var desk = desk(flow);
      var alice = flow.alice();
      alice.logIn(desk.authorize());
      var less = desk.request().with("scope", "profile");
      assertThat(desk.redeem(alice.logIn(desk.authorize(less))).text("scope")).isEqualTo("profile");
    }
  }

  @Test
  void trusted_lets_a_listed_client_skip_the_page() {
    try (var flow = trusting()) {
      var alice = flow.alice();
      var departed = alice.consentPage(desk(flow).authorize());
      assertThat(departed.status()).isEqualTo(303);
      assertThat(finish(alice, departed).handed("code")).startsWith("ktc_");
    }
  }

  @Test
  void trusted_asks_for_a_client_of_the_operator_that_is_not_listed() {
    try (var flow = trusting()) {
      var portal = new McpClient(flow, "portal", "https://portal.example/callback");
      assertAsked(flow.browser().arriveAt(portal.authorize()));
    }
  }

  @Test
  void trusted_asks_where_the_client_wants_it() {
    try (var flow = trusting()) {
      var request = desk(flow).request().with("prompt", "consent");
      assertAsked(flow.browser().arriveAt(desk(flow).authorize(request)));
    }
  }

  @Test
  void trusted_asks_for_every_other_client_and_remembers() {
    try (var flow = trusting()) {
      var stranger = McpClient.registered(flow, WEB);
      var alice = flow.alice();
      assertAsked(alice.consentPage(stranger.authorize()));
      alice.logIn(stranger.authorize());
      assertThat(alice.consentPage(stranger.authorize()).status()).isEqualTo(303);
    }
  }

  @Test
  void trusted_needs_no_page_for_prompt_none() {
    try (var flow = trusting()) {
      var silent = desk(flow).request().with("prompt", "none");
      var departed = flow.browser().arriveAt(desk(flow).authorize(silent));
      assertThat(departed.location().getRawQuery()).contains("prompt=none");
    }
  }

  @Test
  void who_denies_after_the_login_leaves_no_tokens_behind() {
    try (var flow = Flow.started()) {
      var client = McpClient.registered(flow, WEB);
      var alice = flow.alice();
      alice.logIn(client.authorize());
      var bob = new User(alice.browser(), Flow.BOB);
      var page = finish(bob, bob.consentPage(client.authorize()));
      var waiting = flow.store().size();
      bob.browser().press(page, "Deny");
      assertThat(flow.store().size()).isEqualTo(waiting - 2); // The login, and the vault's entry.
    }
  }

  private static Flow trusting() {
    return Flow.started(Plan.USUAL.with("consent: {mode: trusted, trusted_clients: [desk]}"));
  }

  private static McpClient desk(Flow flow) {
    return new McpClient(flow, "desk", "https://desk.example/callback");
  }

  private static Answer finish(User user, Answer departed) {
    return user.browser().follow(user.signIn(user.browser().follow(departed)));
  }

  private static void assertAsked(Answer page) {
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body()).contains("value=\"deny\"", "value=\"allow\"");
  }
}
