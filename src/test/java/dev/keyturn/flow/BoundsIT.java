package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Wire;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is too large, of the wrong kind or made up is refused at the door. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BoundsIT {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static Flow flow;
  private static McpClient desk;

  private final Wire wire = new Wire();

  @BeforeAll
  static void start() {
    flow = Flow.started();
    desk = new McpClient(flow, "desk", "https://desk.example/callback");
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/oauth/token",
        "/oauth/register",
        "/oauth/consent",
        "/oauth/callback",
        "/oauth/authorize"
      })
  void a_body_of_more_than_64_KiB_is_too_large(String path) {
    assertThat(post(path, FORM, "a=" + "x".repeat(65_536)).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/oauth/token", "/oauth/consent", "/oauth/callback", "/oauth/authorize"})
  void a_body_that_is_no_form_is_of_the_wrong_type(String path) {
    assertThat(post(path, "application/json", "{}").status()).isEqualTo(415);
  }

  @Test
  void a_registration_that_is_no_JSON_is_of_the_wrong_type() {
    assertThat(post("/oauth/register", FORM, "a=b").status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "garbage", "ktc_", "ktc_AAAA", "../../etc/passwd", "ktr_AAAA", "\u0000"})
  void a_garbage_code_never_reaches_the_store(String code) {
    flow.store().forget();
    assertThat(desk.token(desk.redemption(code)).status()).isEqualTo(400);
    assertThat(flow.store().asked()).isEmpty();
  }

  @Test
  void a_code_of_the_right_length_that_we_did_not_make_never_reaches_the_store() {
    flow.store().forget();
    assertThat(desk.token(desk.redemption("ktc_" + "A".repeat(107))).status()).isEqualTo(400);
    assertThat(flow.store().asked()).isEmpty();
  }

  @Test
  void a_code_of_ours_with_one_letter_changed_never_reaches_the_store() {
    var code = flow.alice().logIn(desk.authorize()).handed("code");
    var last = code.charAt(50) == 'A' ? 'B' : 'A';
    var changed = code.substring(0, 50) + last + code.substring(51);
    flow.store().forget();
    assertThat(desk.token(desk.redemption(changed)).text("error")).isEqualTo("invalid_grant");
    assertThat(flow.store().asked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "ktr_", "ktr_AAAA", "ktc_AAAA"})
  void a_garbage_refresh_token_never_reaches_the_store(String token) {
    flow.store().forget();
    assertThat(desk.refresh(token).text("error")).isEqualTo("invalid_grant");
    assertThat(flow.store().asked()).isEmpty();
  }

  @Test
  void a_code_is_no_refresh_token() {
    var code = flow.alice().logIn(desk.authorize()).handed("code");
    flow.store().forget();
    assertThat(desk.refresh(code).text("error")).isEqualTo("invalid_grant");
    assertThat(flow.store().asked()).isEmpty();
  }

  @Test
  void a_good_code_does_reach_the_store() {
    var handed = flow.alice().logIn(desk.authorize());
    flow.store().forget();
    assertThat(desk.redeem(handed).status()).isEqualTo(200);
    assertThat(flow.store().asked()).isNotEmpty();
  }

  @Test
  void a_token_request_that_repeats_a_parameter_is_refused() {
    assertThat(desk.token(desk.redemption("x").and("code", "y")).text("error"))
        .isEqualTo("invalid_request");
  }

  @Test
  void an_unknown_grant_is_named_as_such() {
    var form = Form.of("grant_type", "password", "client_id", "desk");
    assertThat(desk.token(form).text("error")).isEqualTo("unsupported_grant_type");
  }

  @Test
  void an_unknown_client_at_the_token_endpoint_is_invalid_client() {
    var answer = desk.token(desk.redemption("x").with("client_id", "nobody"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("error")).isEqualTo("invalid_client");
  }

  @Test
  void a_wrong_method_is_told_the_right_ones() {
    var answer = wire.get(flow.url("/oauth/token"));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.header("Allow").orElseThrow()).contains("POST");
  }

  static Stream<Answer> refusals() {
    var wire = new Wire();
    var long32 = "x".repeat(33_000);
    return Stream.of(
        wire.get(flow.url("/nowhere")),
        wire.get(flow.url("/" + "x".repeat(17_000))),
        wire.send("GET", flow.url("/nowhere"), Map.of("X-Long", long32), ""),
        wire.get(flow.mcp()),
        wire.send("OPTIONS", flow.mcp(), Map.of(), ""),
        wire.get(flow.url("/mcp/%2e%2e/admin")),
        wire.get(flow.url("/oauth/%2e%2e/oauth/token")),
        wire.get(flow.url("/oauth/token")));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void no_answer_is_sniffed_kept_or_referred_to(Answer answer) {
    assertThat(answer.header("X-Content-Type-Options")).contains("nosniff");
    assertThat(answer.header("Cache-Control")).contains("no-store");
    assertThat(answer.header("Referrer-Policy")).contains("no-referrer");
  }

  @Test
  void a_path_in_disguise_leads_to_no_endpoint() {
    assertThat(wire.get(flow.url("/oauth/%2e%2e/oauth/authorize")).status()).isEqualTo(400);
    assertThat(wire.get(flow.url("/%6fauth/authorize")).status()).isEqualTo(404);
  }

  @Test
  void what_is_not_there_is_404() {
    assertThat(wire.get(flow.url("/nowhere")).status()).isEqualTo(404);
  }

  private Answer post(String path, String type, String body) {
    return wire.send("POST", flow.url(path), Map.of("Content-Type", type), body);
  }
}
