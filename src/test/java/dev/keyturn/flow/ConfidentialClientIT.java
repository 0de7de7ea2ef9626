package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A program on a server, which proves itself by a secret and knows no PKCE. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfidentialClientIT {
  private static Flow flow;

  private final McpClient portal = new McpClient(flow, "portal", "https://portal.example/callback");

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private static Form withoutPkce(Form form) {
    return form.without("code_challenge").without("code_challenge_method");
  }

  private Answer loggedIn() {
    return flow.alice().logIn(portal.authorize(withoutPkce(portal.request()).with("nonce", "n")));
  }

  private static Answer token(Form form, String secret) {
    var pair = ("portal:" + secret).getBytes(StandardCharsets.UTF_8);
    return new Wire()
        .send(
            "POST",
            flow.url("/oauth/token"),
            Map.of(
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(pair)),
            form.encoded());
  }

  private Form redemption(Answer handed) {
    return portal.redemption(handed.handed("code")).without("code_verifier");
  }

  @Test
  void logs_a_person_in_and_calls_a_tool() {
    var tokens = token(redemption(loggedIn()), Flow.PORTAL_SECRET);
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(portal.call(tokens.text("access_token")).body()).contains("alice");
  }

  @Test
  void refreshes() {
    var tokens = token(redemption(loggedIn()), Flow.PORTAL_SECRET);
    var next = token(portal.refreshment(tokens.text("refresh_token")), Flow.PORTAL_SECRET);
    assertThat(next.status()).as(next.body()).isEqualTo(200);
  }

  @Test
  void is_not_believed_without_its_secret() {
    var handed = loggedIn();
    assertThat(token(redemption(handed), "guessed").text("error")).isEqualTo("invalid_client");
    assertThat(portal.token(redemption(handed)).text("error")).isEqualTo("invalid_client");
  }

  @Test
  void is_sent_back_where_it_sends_no_nonce() {
    var browser = flow.browser();
    var answer = browser.open(portal.authorize(withoutPkce(portal.request())));
    assertThat(answer.handed("error")).isEqualTo("invalid_request");
  }

  @Test
  void finds_its_method_in_the_metadata() {
    var metadata = new Wire().get(flow.url("/.well-known/openid-configuration")).json();
    assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported"))
        .containsExactly("none", "client_secret_basic", "private_key_jwt");
  }
}
