package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.User;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The provider answers with a form that the browser posts from another site. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FormPostIT {
  private static Flow flow;

  @BeforeAll
  static void start() {
    flow =
        Flow.started(
            Plan.USUAL.withUpstream("additional_authorization_params: {response_mode: form_post}"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @Test
  void the_login_ends_with_a_code_at_the_client() {
    var alice = flow.alice();
    assertThat(posted(alice, signedIn(alice)).handed("code")).startsWith("ktc_");
  }

  @Test
  void another_browser_cannot_post_the_answer() {
    var elsewhere = posted(flow.alice(), signedIn(flow.alice()));
    assertThat(elsewhere.body()).contains("started elsewhere");
  }

  @Test
  void a_second_post_says_that_the_login_is_finished() {
    var alice = flow.alice();
    var page = signedIn(alice);
    posted(alice, page);
    assertThat(posted(alice, page).body()).contains("already finished");
  }

  private static Answer signedIn(User user) {
    return user.signIn(user.loginPage(flow.client().authorize()));
  }

  private static Answer posted(User user, Answer page) {
    return user.browser().press(page, "Continue");
  }
}
