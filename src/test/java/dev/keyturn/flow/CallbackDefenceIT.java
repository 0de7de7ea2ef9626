package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.User;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A login is finished once, and only in the browser that began it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CallbackDefenceIT {
  private static Flow flow;

  private User alice;
  private Answer signedIn;

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @BeforeEach
  void sign_in() {
    alice = flow.alice();
    signedIn = alice.signIn(alice.loginPage(flow.client().authorize()));
  }

  @Test
  void the_callback_in_another_browser_ends_on_a_page_without_a_code() {
    var elsewhere = flow.browser().follow(signedIn);
    assertThat(elsewhere.status()).isEqualTo(400);
    assertThat(elsewhere.header("Location")).isEmpty();
    assertThat(elsewhere.body()).contains("started elsewhere").doesNotContain("ktc_");
  }

  @Test
  void a_browser_with_a_login_of_its_own_cannot_finish_this_one() {
    var bob = flow.alice();
    bob.loginPage(flow.client().authorize());
    assertThat(bob.browser().follow(signedIn).body()).contains("started elsewhere");
  }

  @Test
  void a_planted_cookie_of_the_right_name_does_not_finish_the_login() {
    var other = flow.browser();
    alice.browser().cookies().stream()
        .filter(name -> name.startsWith("keyturn-flow-"))
        .forEach(name -> other.plant(flow.url("/"), name + "=" + "1763899200." + "x".repeat(43)));
    var elsewhere = other.follow(signedIn);
    assertThat(elsewhere.body()).contains("started elsewhere").doesNotContain("ktc_");
  }

  @Test
  void the_right_browser_still_finishes_after_another_one_tried() {
    flow.browser().follow(signedIn);
    assertThat(alice.browser().follow(signedIn).handed("code")).startsWith("ktc_");
  }

  @Test
  void the_attempt_of_another_browser_is_audited() {
    flow.browser().follow(signedIn);
    await().untilAsserted(() -> assertThat(flow.audited()).endsWith("browser.refused"));
  }

  @Test
  void a_second_callback_says_that_the_login_is_finished_and_hands_out_nothing() {
    alice.browser().follow(signedIn);
    var second = alice.browser().follow(signedIn);
    assertThat(second.status()).isEqualTo(400);
    assertThat(second.header("Location")).isEmpty();
    assertThat(second.body()).contains("already finished").doesNotContain("ktc_");
  }

  @Test
  void a_finished_login_is_nothing_that_another_browser_can_ask_for() {
    alice.browser().follow(signedIn);
    assertThat(flow.browser().follow(signedIn).body()).contains("not known");
  }

  @Test
  void a_state_that_we_did_not_make_is_not_known() {
    var page = flow.browser().open(flow.url("/oauth/callback?code=x&state=made-up"));
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.body()).contains("not known");
  }

  @Test
  void a_login_that_takes_longer_than_ten_minutes_is_not_known_any_more() {
    flow.clock().forward(Duration.ofMinutes(11));
    assertThat(alice.browser().follow(signedIn).body()).contains("not known");
  }

  @Test
  void an_answer_that_names_another_provider_is_not_redeemed() {
    var swapped = signedIn.location().toString().replaceAll("iss=[^&]*", "iss=https%3A%2F%2Fevil");
    var handed = alice.browser().arriveAt(java.net.URI.create(swapped));
    assertThat(handed.handed("error")).isEqualTo("server_error");
  }

  @Test
  void the_flow_cookie_is_set_only_after_the_approval() {
    var visitor = flow.alice();
    visitor.consentPage(flow.client().authorize());
    assertThat(visitor.browser().cookies()).noneMatch(name -> name.startsWith("keyturn-flow-"));
  }

  @Test
  void no_browser_is_made_to_carry_more_than_eight_pending_logins() {
    var visitor = flow.alice();
    var client = flow.client();
    for (int i = 0; i < 12; i++) {
      visitor.approve(client.authorize());
      flow.clock().forward(Duration.ofSeconds(1));
    }
    assertThat(visitor.browser().cookies())
        .filteredOn(name -> name.startsWith("keyturn-flow-"))
        .hasSize(8);
  }
}
