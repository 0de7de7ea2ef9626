package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.idp.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The identity provider is away: nobody is sent to it, and nobody must restart anything. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OutageIT {
  private Flow flow;
  private McpClient client;

  @BeforeEach
  void start_while_the_provider_is_away() {
    flow = Flow.started(Plan.USUAL.startingWith(Faults.outage()));
    client = flow.client();
  }

  @AfterEach
  void stop() {
    flow.close();
  }

  @Test
  void a_login_ends_on_a_page_that_says_when_to_come_back() {
    var page = flow.browser().arriveAt(client.authorize());
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Retry-After").orElseThrow()).matches("[1-9][0-9]*");
    assertThat(page.body()).contains("Trying again helps: wait at least");
  }

  @Test
  void a_login_that_cannot_begin_stores_nothing() {
    var before = flow.store().size();
    flow.browser().arriveAt(client.authorize());
    assertThat(flow.store().size()).isEqualTo(before);
  }

  @Test
  void logins_go_on_by_themselves_when_the_provider_is_back() {
    flow.idp().behave(Faults.none());
    awaitTheProvider();
    await().untilAsserted(() -> assertThat(client.connect(flow.alice()).status()).isEqualTo(200));
  }

  @Test
  void a_provider_that_goes_away_during_the_login_is_temporarily_unavailable() {
    flow.idp().behave(Faults.none());
    awaitTheProvider();
    var alice = flow.alice();
    var signedIn = alice.signIn(alice.loginPage(client.authorize()));
    flow.idp().behave(Faults.outage());
    assertThat(alice.browser().follow(signedIn).handed("error"))
        .isEqualTo("temporarily_unavailable");
  }

  @Test
  void tokens_that_are_out_go_on_while_the_provider_is_away() {
    flow.idp().behave(Faults.none());
    awaitTheProvider();
    var tokens = client.connect(flow.alice());
    flow.idp().behave(Faults.outage());
    assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
  }

  private void awaitTheProvider() {
    await().until(() -> flow.browser().arriveAt(client.authorize()).status() == 200);
  }
}
