package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenAnswerTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final String FORM = "application/x-www-form-urlencoded; charset=utf-8";

  @Test
  void json_is_read() {
    assertThat(tokens("{\"access_token\":\"a\"}").map(UpstreamTokens::accessToken)).contains("a");
  }

  @Test
  void a_form_is_read() {
    assertThat(parse(FORM, "access_token=a&scope=&token_type=bearer").orElseThrow().body())
        .hasToString("{\"access_token\":\"a\",\"scope\":\"\",\"token_type\":\"bearer\"}");
  }

  @ParameterizedTest
  @CsvSource({"text/plain,access_token=a", "application/json,access_token=a"})
  void a_form_under_another_type_is_read(String type, String body) {
    assertThat(parse(type, body)).isPresent();
  }

  @Test
  void json_under_the_type_of_a_form_is_read() {
    assertThat(parse(FORM, "{\"access_token\":\"a\"}").flatMap(TokenAnswerTest::tokens))
        .isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "null", "{", "{} x", "a=b", "\"access_token\""})
  void garbage_is_no_answer(String body) {
    assertThat(parse("application/json", body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"error\":\"invalid_grant\"}|invalid_grant",
        "{\"error\":\"x\",\"access_token\":\"a\"}|x",
        "{\"error\":{\"message\":\"m\",\"type\":\"OAuthException\",\"code\":190}}|OAuthException",
        "{\"error\":{}}|error_object",
        "{\"error\":true}|unnamed_error",
        "{\"ok\":false,\"error\":\"token_revoked\"}|token_revoked",
        "{\"ok\":false}|unnamed_error"
      })
  void an_error_is_found(String body, String error) {
    assertThat(parse("application/json", body).orElseThrow().error()).contains(error);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"error\":null}", "{\"error\":\"\"}", "{\"ok\":true}", "{}"})
  void no_error_is_none(String body) {
    assertThat(parse("application/json", body).orElseThrow().error()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"Bearer\"", "\"bearer\"", "\"BEARER\"", "null"})
  void the_token_type_is_bearer_in_any_case(String type) {
    assertThat(tokens("{\"access_token\":\"a\",\"token_type\":" + type + "}")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"DPoP\"", "\"mac\"", "7", "\"\""})
  void another_token_type_is_refused(String type) {
    assertThat(tokens("{\"access_token\":\"a\",\"token_type\":" + type + "}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"access_token\":\"\"}",
        "{\"access_token\":\"a b\"}",
        "{\"access_token\":7}",
        "{\"access_token\":\"a\\r\\nX: y\"}"
      })
  void without_a_usable_access_token_there_are_none(String body) {
    assertThat(tokens(body)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"3600", "\"3600\"", "3600.0", "\" 3600 \""})
  void the_lifetime_is_read(String expiresIn) {
    assertThat(
            tokens("{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}")
                .orElseThrow()
                .expiresAt())
        .contains(NOW.plus(Duration.ofHours(1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "0", "-1", "\"soon\"", "\"\"", "1e99", "true"})
  void without_a_usable_lifetime_there_is_none(String expiresIn) {
    assertThat(
            tokens("{\"access_token\":\"a\",\"expires_in\":" + expiresIn + "}")
                .orElseThrow()
                .expiresAt())
        .isEmpty();
  }

  @Test
  void a_lifetime_beyond_all_bounds_is_cut() {
    assertThat(
            tokens("{\"access_token\":\"a\",\"expires_in\":999999999999999999}")
                .orElseThrow()
                .expiresAt()
                .orElseThrow())
        .isBefore(NOW.plus(Duration.ofDays(3661)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"a b\"|a b",
        "\"a,b\"|a b",
        "\"a, b\"|a b",
        "[\"a\",\"b\"]|a b",
        "\"\"|''",
        "null|asked",
        "\"a \\u00e9\"|a"
      })
  void scopes_are_read(String scope, String wire) {
    assertThat(
            tokens("{\"access_token\":\"a\",\"scope\":" + scope + "}")
                .orElseThrow()
                .scopes()
                .wire())
        .isEqualTo(wire);
  }

  @Test
  void a_numeric_id_keeps_every_digit() {
    assertThat(
            parse("application/json", "{\"id\":123456789012345678901234567890}")
                .flatMap(answer -> Json.text(answer.body(), "id")))
        .contains("123456789012345678901234567890");
  }

  @Test
  void tokens_do_not_print() {
    assertThat(tokens("{\"access_token\":\"hunter2\"}").orElseThrow().toString())
        .doesNotContain("hunter2");
  }

  private static Optional<UpstreamTokens> tokens(String body) {
    return parse("application/json", body).flatMap(TokenAnswerTest::tokens);
  }

  private static Optional<UpstreamTokens> tokens(TokenAnswer answer) {
    return answer.tokens(TokenFields.STANDARD, Scopes.parse("asked"), NOW);
  }

  private static Optional<TokenAnswer> parse(String type, String body) {
    var headers = MultiMap.caseInsensitiveMultiMap().add("Content-Type", type);
    return TokenAnswer.parse(new Answer(200, headers, Buffer.buffer(body)));
  }
}
