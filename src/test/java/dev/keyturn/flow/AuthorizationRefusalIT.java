package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import java.net.URI;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a request is said before anybody logs in, and only where it is safe. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationRefusalIT {
  private static Flow flow;
  private static McpClient loopback;
  private static McpClient desk;
  private static McpClient stranger;

  @BeforeAll
  static void start() {
    flow = Flow.started();
    loopback = flow.client();
    desk = new McpClient(flow, "desk", "https://desk.example/callback");
    stranger = McpClient.registered(flow, "https://stranger.example/callback");
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        mistake("PKCE missing", "invalid_request", form -> form.without("code_challenge")),
        mistake(
            "PKCE plain", "invalid_request", form -> form.with("code_challenge_method", "plain")),
        mistake(
            "PKCE without a method",
            "invalid_request",
            form -> form.without("code_challenge_method")),
        mistake("PKCE too short", "invalid_request", form -> form.with("code_challenge", "short")),
        mistake("unknown scope", "invalid_scope", form -> form.with("scope", "mcp:tools admin")),
        mistake(
            "foreign resource",
            "invalid_target",
            form -> form.with("resource", "https://other.example/mcp")),
        mistake("repeated scope", "invalid_request", form -> form.and("scope", "openid")),
        mistake("repeated state", "invalid_request", form -> form.and("state", "two")),
        mistake(
            "request object", "request_not_supported", form -> form.with("request", "e30.e30.")),
        mistake(
            "request_uri",
            "request_uri_not_supported",
            form -> form.with("request_uri", "https://evil.example/request")),
        mistake(
            "implicit", "unsupported_response_type", form -> form.with("response_type", "token")),
        mistake(
            "hybrid",
            "unsupported_response_type",
            form -> form.with("response_type", "code id_token")),
        mistake("no response_type", "invalid_request", form -> form.without("response_type")),
        mistake("fragment", "invalid_request", form -> form.with("response_mode", "fragment")),
        mistake("prompt none", "consent_required", form -> form.with("prompt", "none")),
        mistake("prompt none and login", "invalid_request", f -> f.with("prompt", "none login")),
        mistake("max_age in words", "invalid_request", form -> form.with("max_age", "an hour")));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void a_program_on_this_computer_is_told_by_redirect(
      String mistake, String error, UnaryOperator<Form> change) {
    var answer = ask(loopback, change);
    assertThat(answer.location().toString()).startsWith("http://127.0.0.1:33418/callback?error=");
    assertThat(answer.handed("error")).isEqualTo(error);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void a_client_of_the_operator_is_told_by_redirect(
      String mistake, String error, UnaryOperator<Form> change) {
    var answer = ask(desk, change);
    assertThat(answer.location().toString()).startsWith("https://desk.example/callback?error=");
    assertThat(answer.handed("error")).isEqualTo(error);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void a_stranger_on_the_web_is_told_by_a_link_that_the_person_may_follow(
      String mistake, String error, UnaryOperator<Form> change) {
    var answer = ask(stranger, change);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.linkText()).isEqualTo("Back to stranger.example");
    assertThat(answer.link().getQuery()).startsWith("error=" + error + "&");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("mistakes")
  void a_refused_request_leaves_nothing_behind(
      String mistake, String error, UnaryOperator<Form> change) {
    var before = flow.store().size();
    var answer = ask(loopback, change);
    assertThat(answer.header("Set-Cookie")).isEmpty();
    assertThat(flow.store().size()).isEqualTo(before);
  }

  @Test
  void an_error_redirect_carries_state_and_issuer() {
    var answer = ask(loopback, form -> form.with("scope", "admin"));
    assertThat(answer.handed("state")).isEqualTo("a state&more");
    assertThat(answer.handed("iss")).isEqualTo(flow.issuer());
  }

  @Test
  void an_unknown_client_ends_on_a_page() {
    endsHere(ask(loopback, form -> form.with("client_id", "nobody")));
  }

  @Test
  void no_client_ends_on_a_page() {
    endsHere(ask(loopback, form -> form.without("client_id")));
  }

  @Test
  void two_clients_end_on_a_page() {
    endsHere(ask(loopback, form -> form.and("client_id", "desk")));
  }

  @Test
  void a_redirect_uri_that_was_not_registered_ends_on_a_page() {
    endsHere(ask(desk, form -> form.with("redirect_uri", "https://evil.example/callback")));
  }

  @Test
  void a_redirect_uri_that_only_begins_like_the_registered_one_ends_on_a_page() {
    endsHere(ask(desk, form -> form.with("redirect_uri", "https://desk.example/callback/../x")));
  }

  @Test
  void two_redirect_uris_end_on_a_page() {
    endsHere(ask(desk, form -> form.and("redirect_uri", "https://desk.example/callback")));
  }

  @Test
  void another_port_of_loopback_is_the_same_program() {
    var answer =
        ask(loopback, form -> form.with("redirect_uri", "http://127.0.0.1:50001/callback"));
    assertThat(answer.status()).isEqualTo(200);
  }

  @Test
  void another_path_of_loopback_is_not() {
    endsHere(ask(loopback, form -> form.with("redirect_uri", "http://127.0.0.1:33418/other")));
  }

  @Test
  void a_post_is_judged_like_a_get() {
    var browser = flow.browser();
    var answer =
        browser.submit(
            URI.create("https://desk.example/"),
            flow.url("/oauth/authorize"),
            desk.request().with("scope", "admin"));
    assertThat(answer.handed("error")).isEqualTo("invalid_scope");
  }

  @Test
  void a_redirect_uri_with_an_error_in_it_is_still_only_extended() {
    assertThat(Browser.originOf(ask(desk, form -> form.with("prompt", "none")).location()))
        .isEqualTo("https://desk.example");
  }

  private static void endsHere(Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Location")).isEmpty();
    assertThat(answer.body()).doesNotContain("<a ");
  }

  private static Answer ask(McpClient client, UnaryOperator<Form> change) {
    return flow.browser().arriveAt(client.authorize(change.apply(client.request())));
  }

  private static Arguments mistake(String name, String error, UnaryOperator<Form> change) {
    return Arguments.of(name, error, change);
  }
}
