package dev.keyturn.upstream;

import static dev.keyturn.upstream.GivenUpstream.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AllowExpressionTest {
  private static final ObjectNode CLAIMS =
      json(
          """
          {"id": 9007199254740993, "huge": 18446744073709551616, "level": 1.5, "nothing": null,
           "email": "a@corp.example", "roles": ["dev", "ops"], "org": {"teams": {"red": true}}}
          """);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claims.id == 9007199254740993",
        "claims.id != 9007199254740992",
        "claims.huge == '18446744073709551616'",
        "claims.level > 1 && claims.level == 1.5",
        "claims.nothing == null",
        "claims.email.matches('^[a-z]+@corp[.]example$')",
        "claims.roles.exists(r, r == 'ops') && 'dev' in claims.roles",
        "claims.org.teams.red == true",
        "claims['email'].endsWith('@corp.example')",
        "!has(claims.missing)"
      })
  void is_true_of_claims(String expression) {
    assertThat(cause(expression, CLAIMS)).isEqualTo("admitted");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claims.email == 'b@corp.example'|not_true",
        "claims.missing == 'x'|evaluation_failed",
        "claims.org.missing == 'x'|evaluation_failed",
        "!(claims.missing == 'x')|evaluation_failed",
        "claims.email > 1|evaluation_failed",
        "claims.email && true|evaluation_failed",
        "claims.id / 0 == 1|evaluation_failed",
        "claims.id + 9223372036854775807 > 0|evaluation_failed"
      })
  void is_not_true_of_claims(String expression, String cause) {
    assertThat(cause(expression, CLAIMS)).isEqualTo(cause);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "claims.|allow.cel line 1, column 8: no viable alternative at input '.'",
        "claim.id == 1|allow.cel line 1, column 1: undeclared reference to 'claim' (in container '')",
        "false && foo(1)|allow.cel line 1, column 13: undeclared reference to 'foo' (in container '')",
        "claims.email|allow.cel line 1, column 1: must be a bool and is of type dyn: compare it, as by ==",
        "1 + 1|allow.cel line 1, column 1: must be a bool and is of type int: compare it, as by ==",
        "claims.id == 1 && 'a'.matches(claims.email)|allow.cel line 1, column 30: the pattern of matches must be a text in quotes",
        "matches('a', claims.email)|allow.cel line 1, column 8: the pattern of matches must be a text in quotes"
      })
  void does_not_compile(String expression, String finding) {
    assertThat(findings(expression)).containsExactly(finding);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claims.email.matches('(')",
        "claims.email.matches('((a{1,99}){1,99})')",
        "claims.email.matches('(?!a)')"
      })
  void a_pattern_is_built_at_the_start(String expression) {
    assertThat(findings(expression))
        .singleElement()
        .asString()
        .startsWith("allow.cel line 1, column 21: ");
  }

  @Test
  void a_mistake_is_found_in_its_line() {
    assertThat(findings("true ||\\n  foo(1)"))
        .singleElement()
        .asString()
        .startsWith("allow.cel line 2, column 6: ");
  }

  @Test
  void at_most_4096_characters_are_compiled() {
    assertThat(findings("'" + "x".repeat(4100 - 9) + "' != ''"))
        .containsExactly("allow.cel must have at most 4096 characters");
  }

  @Test
  void as_many_as_4096_characters_are_compiled() {
    assertThat(findings("'" + "x".repeat(4096 - 8) + "' != ''")).isEmpty();
  }

  @Test
  void what_nests_too_deeply_is_not_compiled() {
    assertThat(findings("(".repeat(500) + "true" + ")".repeat(500))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "claims.many.exists(x, claims.long.matches('zz'))",
        "claims.many.exists(x, claims.long == 'zz') || true",
        "true || claims.many.exists(x, claims.long == 'zz') ? claims.many.all(x, claims.long != '') : true"
      })
  void an_expensive_expression_is_given_up(String expression) {
    assertThat(cause(expression, large(900))).isEqualTo("too_expensive");
  }

  @Test
  void rounds_within_rounds_are_given_up() {
    assertThat(cause("claims.many.all(x, claims.many.all(y, y != ''))", large(900)))
        .isIn("too_expensive", "evaluation_failed");
  }

  @Test
  void a_thousand_groups_can_be_looked_through() {
    assertThat(cause("claims.many.exists(g, g == 'g999')", large(1000))).isEqualTo("admitted");
  }

  @Test
  void a_document_of_very_many_values_is_not_judged() {
    assertThat(cause("true", large(10_001))).isEqualTo("claims_too_large");
  }

  private static String cause(String expression, ObjectNode claims) {
    return GivenUpstream.allow(rule(expression))
        .refusal(new Account("alice-1", claims))
        .map(Allow.Refused::cause)
        .orElse("admitted");
  }

  private static List<String> findings(String expression) {
    var findings = new Findings();
    var entry =
        "{type: oidc, allow: %s, oidc_config: {issuer_url: https://a.example, client_id: c}}";
    assertThat(read(entry.formatted(rule(expression)), findings).isEmpty())
        .isEqualTo(!findings.errors().isEmpty());
    return findings.all().stream().map(Finding::toString).toList();
  }

  private static String rule(String expression) {
    return "{cel: \"" + expression + "\"}";
  }

  private static ObjectNode large(int many) {
    var groups =
        IntStream.range(0, many).mapToObj(i -> "\"g" + i + "\"").collect(Collectors.joining(","));
    return json("{\"many\": [" + groups + "], \"long\": \"" + "a".repeat(60_000) + "\"}");
  }

  private static ObjectNode json(String text) {
    return Json.object(text.getBytes(UTF_8)).orElseThrow();
  }
}
