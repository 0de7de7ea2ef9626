package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.idp.Faults;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What the identity provider says of the person, when the client refreshes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpstreamStandingIT {
  private static final Duration RECHECK = Duration.ofHours(1);
  private static Flow flow;

  private McpClient client;
  private Answer tokens;

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.withUpstreamTokensFor(Duration.ofHours(10)));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @BeforeEach
  void connect() {
    client = flow.client();
    tokens = client.connect(flow.alice());
  }

  @AfterEach
  void mend() {
    flow.idp().behave(Faults.none());
  }

  private Answer refresh() {
    return client.refresh(tokens.text("refresh_token"));
  }

  @Test
  void a_word_that_is_not_old_is_enough() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK.minusSeconds(1));
    assertThat(refresh().status()).isEqualTo(200);
  }

  @Test
  void a_definite_no_ends_the_session() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK);
    assertThat(refresh().text("error")).isEqualTo("invalid_grant");
    flow.idp().behave(Faults.none());
    assertThat(refresh().text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void it_ends_as_a_login_that_is_gone_and_not_as_reuse() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK);
    refresh();
    await()
        .untilAsserted(
            () ->
                assertThat(flow.outcomes())
                    .filteredOn(outcome -> !outcome.equals("signing"))
                    .endsWith("refused", "upstream_gone")
                    .doesNotContain("reused"));
  }

  @Test
  void every_session_of_the_account_ends_with_it() {
    var other = flow.client();
    var others = other.connect(flow.alice());
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK);
    refresh();
    assertThat(other.refresh(others.text("refresh_token")).text("error"))
        .isEqualTo("invalid_grant");
  }

  @Test
  void a_yes_is_good_for_another_while() {
    flow.clock().forward(RECHECK);
    var next = refresh();
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK.minusSeconds(1));
    assertThat(client.refresh(next.text("refresh_token")).status()).isEqualTo(200);
  }

  @Test
  void an_outage_is_no_no() {
    flow.idp().behave(Faults.outage());
    flow.clock().forward(RECHECK);
    assertThat(refresh().status()).isEqualTo(200);
  }

  @Test
  void an_answer_without_meaning_is_no_no() {
    flow.idp().behave(Faults.idTokens(claims -> claims.audience("somebody else")));
    flow.clock().forward(RECHECK);
    assertThat(refresh().status()).isEqualTo(200);
  }

  @Test
  void another_person_is_a_no() {
    flow.idp().behave(Faults.idTokens(claims -> claims.subject("somebody-else")));
    flow.clock().forward(RECHECK);
    assertThat(refresh().text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_login_without_a_refresh_token_is_not_asked_for_again() {
    flow.idp().behave(Faults.noRefreshToken());
    var bob = new dev.keyturn.given.User(flow.browser(), Flow.BOB);
    var mine = client.connect(bob);
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(RECHECK.multipliedBy(20));
    assertThat(client.refresh(mine.text("refresh_token")).status()).isEqualTo(200);
  }
}
