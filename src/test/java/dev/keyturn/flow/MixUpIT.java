package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Several;
import dev.keyturn.given.User;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/**
 * One identity provider tries to have the code that another one issued.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.4">RFC 9700, section 4.4</a>
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MixUpIT {
  private final Vertx vertx = Vertx.vertx();
  private final FakeOidc evil = FakeOidc.start(vertx, Clock.systemUTC());
  private Several several;
  private McpClient client;
  private User alice;

  private void start(String redirectUri) {
    several =
        Several.with(
            """
              - name: evil
                type: oidc
                identity: true
                allow: anyone
                oidc_config: {issuer_url: "%s", client_id: keyturn,
                  client_secret_env_var: UPSTREAM_SECRET%s}
            """
                .formatted(evil.issuer(), redirectUri));
    client = several.client();
    alice = several.at(Several.ALICE);
    await().until(() -> chosen("evil").status() == 200);
  }

  @AfterEach
  void stop() {
    several.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private Answer chosen(String upstream) {
    return alice
        .browser()
        .press(alice.browser().arriveAt(client.authorize()), "Log in at " + upstream);
  }

  /** The request that the evil provider is sent. */
  private Answer sentToEvil() {
    return alice.browser().press(chosen("evil"), "Allow");
  }

  /** Its answer: the way to the company, in the name of the login that it was asked for. */
  private Answer leadOn(Answer sent, String redirectUri) {
    var state = sent.handed("state");
    var honest = alice.browser().press(chosen("company"), "Allow").location().toString();
    var mixed =
        honest
            .replaceAll("state=[^&]*", "state=" + state)
            .replaceAll("redirect_uri=[^&]*", "redirect_uri=" + redirectUri);
    return alice.signIn(alice.browser().arriveAt(URI.create(mixed)));
  }

  private void refused(Answer answer) {
    assertThat(answer.handed("error")).isEqualTo("server_error");
    assertThat(answer.handed("code")).isEmpty();
    assertThat(evil.tokenForms).isEmpty();
  }

  @Nested
  class With_a_path_for_each {
    @BeforeEach
    void start() {
      MixUpIT.this.start("");
    }

    @Test
    void an_honest_answer_at_its_own_path_is_redeemed() {
      assertThat(alice.browser().follow(alice.browser().follow(sentToEvil())).status())
          .isIn(200, 303);
      assertThat(evil.tokenForms).hasSize(1);
    }

    @Test
    void a_code_of_the_company_is_not_shown_to_the_other_one() {
      var sent = sentToEvil();
      refused(alice.browser().follow(leadOn(sent, several.issuer() + "/oauth/callback")));
    }

    @Test
    void that_is_audited_with_the_upstream_that_was_asked() {
      var sent = sentToEvil();
      alice.browser().follow(leadOn(sent, several.issuer() + "/oauth/callback"));
      await()
          .untilAsserted(
              () ->
                  assertThat(several.audited("upstream.mixed_up", "upstream"))
                      .containsExactly("evil"));
    }

    @Test
    void the_login_is_over_then_also_at_the_right_path() {
      var sent = sentToEvil();
      alice.browser().follow(leadOn(sent, several.issuer() + "/oauth/callback"));
      assertThat(alice.browser().follow(alice.browser().follow(sent)).body())
          .contains("already finished");
      assertThat(evil.tokenForms).isEmpty();
    }

    @Test
    void an_answer_of_the_other_one_is_not_taken_for_the_company_s() {
      var sent = alice.browser().press(chosen("company"), "Allow");
      var planted =
          URI.create(
              several.issuer()
                  + "/oauth/callback/evil?code=evil-code&state="
                  + sent.handed("state"));
      refused(alice.browser().arriveAt(planted));
    }

    @Test
    void an_answer_at_the_right_path_that_names_another_issuer_is_refused_all_the_same() {
      var sent = sentToEvil();
      var planted =
          URI.create(
              several.issuer()
                  + "/oauth/callback/evil?code=c&iss=https%3A%2F%2Fcompany.example&state="
                  + sent.handed("state"));
      refused(alice.browser().arriveAt(planted));
    }

    @Test
    void a_path_that_belongs_to_nobody_redeems_nothing() {
      var sent = sentToEvil();
      var planted =
          several.issuer() + "/oauth/callback/nobody?code=c&state=" + sent.handed("state");
      refused(alice.browser().arriveAt(URI.create(planted)));
    }
  }

  @Nested
  class With_one_path_for_both {
    @BeforeEach
    void start() {
      evil.metadata = document -> document;
      MixUpIT.this.start(", redirect_uri: \"http://127.0.0.1/oauth/callback\"");
    }

    @Test
    void an_answer_that_does_not_say_whose_it_is_is_refused() {
      var sent = sentToEvil();
      var unnamed = several.issuer() + "/oauth/callback?code=c&state=" + sent.handed("state");
      refused(alice.browser().arriveAt(URI.create(unnamed)));
    }

    @Test
    void an_answer_that_says_it_is_the_company_s_is_not_shown_to_the_other_one() {
      var sent = sentToEvil();
      refused(alice.browser().follow(leadOn(sent, several.issuer() + "/oauth/callback")));
    }

    @Test
    void an_answer_that_says_whose_it_is_is_redeemed() {
      var sent = sentToEvil();
      var came = evil.authorize(sent.location());
      var named =
          several.issuer()
              + "/oauth/callback?code="
              + came
              + "&state="
              + sent.handed("state")
              + "&iss="
              + evil.issuer();
      alice.browser().arriveAt(URI.create(named));
      assertThat(evil.tokenForms).hasSize(1);
    }
  }
}
