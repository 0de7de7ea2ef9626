package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client may say about the login that it wants: OpenID Connect Core, section 3.1.2.1. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LoginParametersIT {
  private static Flow flow;

  private final McpClient client = flow.client();

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private URI with(String name, String value) {
    return client.authorize(client.request().with(name, value));
  }

  private String upstream(String name, String value) {
    return flow.alice().approve(with(name, value)).location().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "login_hint, alice@example.com, login_hint=alice%40example.com",
    "ui_locales, en-GB, ui_locales=en-GB",
    "max_age, 60, max_age=60",
    "prompt, login, prompt=login",
    "prompt, select_account, prompt=select_account"
  })
  void what_is_for_the_provider_reaches_it(String name, String value, String forwarded) {
    assertThat(upstream(name, value)).contains(forwarded);
  }

  @ParameterizedTest
  @CsvSource({
    "prompt, consent, prompt",
    "state, mine-alone, mine-alone",
    "nonce, mine-alone, mine-alone",
    "acr_values, mine-alone, mine-alone",
    "claims, mine-alone, mine-alone",
    "display, popup, popup",
    "scope, openid, resource="
  })
  void what_is_ours_does_not(String name, String value, String absent) {
    assertThat(upstream(name, value)).doesNotContain(absent);
  }

  /** {@code id_token_hint}. */
  @Nested
  class A_hint {
    private final String hint = client.connect(flow.alice()).text("id_token");

    private Answer logIn(User user, String idToken) {
      return user.logIn(with("id_token_hint", idToken));
    }

    @Test
    void lets_the_person_whom_it_names_in() {
      assertThat(logIn(flow.alice(), hint).handed("code")).startsWith("ktc_");
    }

    @Test
    void lets_nobody_else_in() {
      var handed = logIn(new User(flow.browser(), Flow.BOB), hint);
      assertThat(handed.handed("error")).isEqualTo("login_required");
      assertThat(handed.handed()).doesNotContainKey("code");
    }

    @Test
    void leaves_nothing_of_somebody_else() {
      var bob = new User(flow.browser(), Flow.BOB);
      var signedIn = bob.signIn(bob.loginPage(with("id_token_hint", hint)));
      flow.store().forget();
      bob.browser().follow(signedIn);
      assertThat(flow.store().asked()).noneMatch(key -> key.startsWith("vault/"));
    }

    @Test
    void is_no_business_of_the_provider() {
      assertThat(upstream("id_token_hint", hint)).doesNotContain("hint").doesNotContain(hint);
    }

    @Test
    void of_another_client_is_refused() {
      var other = new McpClient(flow, "desk", "https://desk.example/callback");
      var answer =
          flow.browser().open(other.authorize(other.request().with("id_token_hint", hint)));
      assertThat(answer.handed("error")).isEqualTo("invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"alice@example.com", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1In0."})
    void that_is_none_of_ours_is_refused(String foreign) {
      var answer = flow.browser().open(with("id_token_hint", foreign));
      assertThat(answer.handed("error")).isEqualTo("invalid_request");
    }

    @Test
    void may_be_pushed() {
      var form = client.request().with("id_token_hint", hint);
      var pushed = new Wire().post(flow.url("/oauth/par"), form).text("request_uri");
      var query = Form.of("client_id", client.id(), "request_uri", pushed).encoded();
      var handed =
          new User(flow.browser(), Flow.BOB).logIn(flow.browserUrl("/oauth/authorize?" + query));
      assertThat(handed.handed("error")).isEqualTo("login_required");
    }
  }
}
