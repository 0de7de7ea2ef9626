package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import dev.keyturn.given.User;
import dev.keyturn.idp.Faults;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** A provider grants more than was asked for, and more than somebody has approved. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GrantedScopesIT {
  private static final Faults MORE = Faults.granting("admin:all");

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

  /** What the browser is shown after the account at the hub was confirmed. */
  private Answer linked() {
    var page = Several.atHub(alice, alice.logIn(tools.authorize()), Several.CODER);
    return alice.browser().press(page, "Link it");
  }

  private void endedFor(String session) {
    await()
        .untilAsserted(
            () ->
                assertThat(several.audited("session.ended", "outcome"))
                    .as(session)
                    .containsExactly("scope_exceeded"));
  }

  @Nested
  class At_the_login {
    @Test
    void it_is_named_on_a_page_before_the_client_has_a_code() {
      several.company().behave(MORE);
      var page = alice.logIn(client.authorize());
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("admin:all");
    }

    @Test
    void whoever_allows_it_is_served() {
      several.company().behave(MORE);
      var code = alice.browser().press(alice.logIn(client.authorize()), "Allow");
      var session = client.redeem(code);
      assertThat(client.call(session.text("access_token")).status()).isEqualTo(200);
    }

    @Test
    void it_is_asked_once() {
      several.company().behave(MORE);
      alice.browser().press(alice.logIn(client.authorize()), "Allow");
      var sent = alice.browser().arriveAt(client.authorize());
      var back = alice.browser().follow(alice.signIn(alice.browser().follow(sent)));
      assertThat(back.handed("code")).startsWith("ktc_");
    }

    @Test
    void of_a_further_account_it_is_named_too() {
      several.hub().behave(MORE);
      var page = linked();
      assertThat(page.body()).contains("admin:all");
      var session = tools.redeem(alice.browser().press(page, "Allow"));
      assertThat(tools.call(session.text("access_token")).body()).contains("h-1");
    }

    @Test
    void less_than_was_asked_for_is_no_question() {
      assertThat(linked().handed("code")).startsWith("ktc_");
    }
  }

  @Nested
  class Of_a_session_that_runs {
    @Test
    void a_login_with_more_ends_it() {
      var before = client.connect(alice);
      several.company().behave(MORE);
      var later = several.at(Several.ALICE);
      later.browser().press(later.logIn(client.authorize()), "Allow");
      assertThat(client.call(before.text("access_token")).status()).isEqualTo(401);
      assertThat(client.refresh(before.text("refresh_token")).text("error"))
          .isEqualTo("invalid_grant");
      endedFor("that session");
    }

    @Test
    void the_session_that_approved_more_goes_on() {
      var before = client.connect(alice);
      several.company().behave(MORE);
      var later = several.at(Several.ALICE);
      var after = client.redeem(later.browser().press(later.logIn(client.authorize()), "Allow"));
      client.call(before.text("access_token"));
      assertThat(client.call(after.text("access_token")).status()).isEqualTo(200);
    }

    @Test
    void a_refresh_that_brings_more_ends_it() {
      var session = client.connect(alice);
      several.company().behave(MORE);
      several.clock().forward(Duration.ofMinutes(5));
      assertThat(client.call(session.text("access_token")).status()).isEqualTo(401);
      endedFor("the only session");
    }

    @Test
    void a_further_account_with_more_is_not_used_and_the_rest_goes_on() {
      var both = tools.request().and("resource", several.mcp().toString());
      var page = Several.atHub(alice, alice.logIn(tools.authorize(both)), Several.CODER);
      var session = tools.redeem(alice.browser().press(page, "Link it"));
      var elsewhere =
          tools.token(
              tools
                  .refreshment(session.text("refresh_token"))
                  .with("resource", several.mcp().toString()));
      several.hub().behave(MORE);
      several.clock().forward(Duration.ofMinutes(5));
      assertThat(tools.call(session.text("access_token")).status()).isEqualTo(401);
      assertThat(client.call(elsewhere.text("access_token")).status()).isEqualTo(200);
    }
  }
}
