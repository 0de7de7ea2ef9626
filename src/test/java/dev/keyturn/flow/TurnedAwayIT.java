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

/** The provider knows Alice, and the operator lets nobody in but Bob. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TurnedAwayIT {
  private static Flow flow;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.admitting("{subjects: [u-bob]}"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @Test
  void the_person_is_told_on_a_page() {
    var page = turnedAway();
    assertThat(page.status()).isEqualTo(403);
    assertThat(page.header("Location")).isEmpty();
    assertThat(page.body()).contains("This account may not log in here");
  }

  @Test
  void the_application_is_told_by_the_link() {
    var link = turnedAway().link().toString();
    assertThat(link)
        .startsWith("http://127.0.0.1:33418/callback?error=access_denied&")
        .contains("&state=a+state%26more&", "&iss=")
        .doesNotContain("code=");
  }

  @Test
  void nothing_is_kept_of_the_login() {
    var alice = flow.alice();
    var signedIn = alice.signIn(alice.loginPage(flow.client().authorize()));
    var before = flow.store().size();
    alice.browser().follow(signedIn);
    assertThat(flow.store().size()).isEqualTo(before - 1);
  }

  @Test
  void somebody_on_the_list_is_let_in() {
    var bob = new User(flow.browser(), Flow.BOB);
    assertThat(bob.logIn(flow.client().authorize()).handed("code")).startsWith("ktc_");
  }

  private static Answer turnedAway() {
    return flow.alice().logIn(flow.client().authorize());
  }
}
