package dev.keyturn.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class JsonPathTest {
  private static final String ANSWER =
      """
      {"id": 9007199254740993, "authed_user": {"id": "U1"}, "teams": [{"id": "T0"}, {"id": "T1"}],
       "https://slack.com/user_id": "U2", "half": 1.5, "jwt": "x.eyJzdWIiOiJhbGljZSJ9.y"}
      """;

  @ParameterizedTest
  @CsvSource({
    "id,9007199254740993",
    "authed_user.id,U1",
    "teams.1.id,T1",
    "https://slack\\.com/user_id,U2",
    "jwt|@upstreamjwt|sub,alice",
    "jwt.@upstreamjwt.sub,alice"
  })
  void leads_to(String path, String text) {
    assertThat(text(path)).contains(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"half", "teams", "teams.9.id", "nothing", "id|@upstreamjwt|sub", "teams.x.id"})
  void leads_to_no_name(String path) {
    assertThat(text(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "a..b", "a.", "teams.#.id", "a*", "jwt|@reverse", "a.{b}"})
  void is_refused(String path) {
    assertThat(JsonPath.parse(path)).isEmpty();
  }

  @Test
  void a_payload_that_is_no_base64_leads_nowhere() {
    var answer = Json.object("{\"jwt\":\"a.!.c\"}".getBytes(StandardCharsets.UTF_8)).orElseThrow();
    assertThat(JsonPath.parse("jwt|@upstreamjwt|sub").orElseThrow().textIn(answer)).isEmpty();
  }

  private static Optional<String> text(String path) {
    var answer = Json.object(ANSWER.getBytes(StandardCharsets.UTF_8)).orElseThrow();
    return JsonPath.parse(path).orElseThrow().textIn(answer);
  }
}
