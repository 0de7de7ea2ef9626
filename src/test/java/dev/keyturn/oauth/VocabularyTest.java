package dev.keyturn.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VocabularyTest {
  @Nested
  class An_issuer {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://mcp.example.com",
          "https://mcp.example.com:8443/a/b",
          "https://mcp.example.com:65535",
          "http://127.0.0.1:8080",
          "http://[::1]:8080"
        })
    void may_be(String issuer) {
      assertThat(Issuer.complaintAbout(issuer)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "''|must be an absolute https URL",
          "mcp.example.com|must be an absolute https URL",
          "ftp://mcp.example.com|must be an absolute https URL",
          "https:///x|must be an absolute https URL",
          "https://mcp.example.com/|must not end with a slash: write https://mcp.example.com",
          "https://mcp.example.com/a//|must not end with a slash: write https://mcp.example.com/a",
          "https://mcp.example.com?x|must have no query and no fragment",
          "https://mcp.example.com#|must have no query and no fragment",
          "https://me@mcp.example.com|must have no user information",
          "https://mcp.example.com/a/../b|must have no dot segments",
          "https://mcp.example.com/a//b|must have no dot segments or empty segments",
          "https://mcp.example.com/ü|must have a port below 65536 and only ASCII",
          "https://mcp.example.com:65536|must have a port below 65536",
          "https://mcp example.com|is not a URL",
        })
    void must_not_be(String issuer, String complaint) {
      assertThat(Issuer.complaintAbout(issuer).replaceFirst("(?<=https URL).*", ""))
          .startsWith(complaint);
      assertThatThrownBy(() -> new Issuer(issuer)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void with_a_path_answers_two_well_known_paths() {
      assertThat(new Issuer("https://a.example/t").wellKnown("openid-configuration"))
          .containsExactly(
              "/.well-known/openid-configuration/t", "/t/.well-known/openid-configuration");
    }

    @Test
    void without_a_path_answers_one() {
      assertThat(new Issuer("https://a.example").wellKnown("x")).containsExactly("/.well-known/x");
    }

    @Test
    void makes_urls_and_routes() {
      var issuer = new Issuer("https://a.example:8443/t");
      assertThat(issuer.url("/oauth/token")).isEqualTo("https://a.example:8443/t/oauth/token");
      assertThat(issuer.route("/oauth/token")).isEqualTo("/t/oauth/token");
      assertThat(issuer.origin()).isEqualTo("https://a.example:8443");
    }

    @Test
    void knows_whether_it_is_this_machine() {
      assertThat(new Issuer("http://LOCALHOST:1").isLoopback()).isTrue();
      assertThat(new Issuer("http://localhost.evil.com").isLoopback()).isFalse();
    }

    @Test
    void knows_whether_cookies_can_be_secure() {
      assertThat(new Issuer("https://a.example").isHttps()).isTrue();
      assertThat(new Issuer("http://localhost").isHttps()).isFalse();
    }
  }

  @Nested
  class Loopback_hosts {
    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.255.255.255", "::1", "[::1]"})
    void are_these(String host) {
      assertThat(Loopback.isLoopback(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"localhost.", "a.localhost", "127.1", "127.0.0.256", "127.0.0.1.x", "[::2]", ""})
    void are_not_these(String host) {
      assertThat(Loopback.isLoopback(host)).isFalse();
    }
  }

  @Nested
  class Scope {
    @Test
    void keeps_the_order_and_drops_repetitions() {
      assertThat(Scopes.parse(" b  a b ").wire()).isEqualTo("b a");
    }

    @Test
    void may_be_empty() {
      assertThat(Scopes.parse("")).isEqualTo(Scopes.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tb", "a\"b", "a\\b", "ü", "a\u007F"})
    void holds_no_other_character(String scope) {
      assertThatThrownBy(() -> Scopes.parse(scope)).hasMessageStartingWith("invalid_scope");
    }

    @Test
    void has_a_bounded_count() {
      var many =
          IntStream.rangeClosed(0, 100).mapToObj(i -> "s" + i).collect(Collectors.joining(" "));
      assertThatThrownBy(() -> Scopes.parse(many)).hasMessageContaining("more than 100");
    }

    @Test
    void may_name_100() {
      var most =
          IntStream.rangeClosed(1, 100).mapToObj(i -> "s" + i).collect(Collectors.joining(" "));
      assertThat(Scopes.parse(most).names()).hasSize(100);
    }

    @Test
    void knows_what_it_holds() {
      assertThat(Scopes.parse("a").contains("a")).isTrue();
      assertThat(Scopes.parse("a").contains("b")).isFalse();
      assertThat(Scopes.parse("a").isEmpty()).isFalse();
      assertThat(Scopes.NONE.isEmpty()).isTrue();
    }

    @Test
    void has_names_of_bounded_length() {
      assertThat(Scopes.isToken("a".repeat(256))).isTrue();
      assertThat(Scopes.isToken("a".repeat(257))).isFalse();
    }

    @Test
    void is_compared_as_a_set() {
      var some = Scopes.parse("a b");
      assertThat(some.covers(Scopes.parse("b"))).isTrue();
      assertThat(some.covers(Scopes.parse("b c"))).isFalse();
      assertThat(some.without(Scopes.parse("a")).wire()).isEqualTo("b");
      assertThat(some.plus(Scopes.of(List.of("c", "a"))).wire()).isEqualTo("a b c");
    }
  }

  @Nested
  class A_resource {
    @ParameterizedTest
    @CsvSource({
      "https://a.example, https://a.example/",
      "https://a.example, HTTPS://A.Example:443",
      "http://a.example:80/x, http://a.example/x",
      "https://a.example/?x, https://a.example?x",
    })
    void has_several_spellings(String one, String other) {
      assertThat(new ResourceIndicator(one).names(new ResourceIndicator(other))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
      "https://a.example/x, https://a.example/x/",
      "https://a.example/x, https://a.example/X",
      "https://a.example, http://a.example",
      "https://a.example, https://a.example:8443",
      "https://a.example/x, https://a.example/%78",
      "https://a.example, https://a.example?",
      "https://a.example?x, https://a.example?y",
      "https://a.example:8443, https://a.example:8444",
      "https://a.example:0, https://a.example",
    })
    void is_another_one(String one, String other) {
      assertThat(new ResourceIndicator(one).names(new ResourceIndicator(other))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "/x",
          "urn:x:y",
          "https://a.example#x",
          "https://me@a.example",
          "https://[::77777777777.1]",
          "a b"
        })
    void must_not_be(String text) {
      assertThatThrownBy(() -> new ResourceIndicator(text))
          .hasMessageStartingWith("invalid_target");
    }

    @Test
    void has_a_bounded_length() {
      assertThat(ResourceIndicator.isValid("https://a.example/" + "x".repeat(2030))).isTrue();
      assertThat(ResourceIndicator.isValid("https://a.example/" + "x".repeat(2031))).isFalse();
    }
  }

  /** RFC 7636, appendix B. */
  @Nested
  class Rfc_7636 {
    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private final PkceChallenge challenge =
        new PkceChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");

    @Test
    void its_verifier_proves_its_challenge() {
      assertThat(challenge.isProvenBy(VERIFIER)).isTrue();
      assertThat(PkceChallenge.of(VERIFIER)).isEqualTo(challenge);
    }

    @Test
    void another_verifier_does_not() {
      assertThat(challenge.isProvenBy(VERIFIER.replace('d', 'e'))).isFalse();
    }

    @Test
    void the_challenge_does_not_prove_itself() {
      assertThat(challenge.isProvenBy(challenge.value())).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 42, 129})
    void a_verifier_of_another_length_proves_nothing(int length) {
      var verifier = "a".repeat(length);
      assertThat(PkceChallenge.of(verifier).isProvenBy(verifier)).isFalse();
    }

    @Test
    void a_verifier_of_other_characters_proves_nothing() {
      var verifier = "ü".repeat(43);
      assertThat(PkceChallenge.of(verifier).isProvenBy(verifier)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-c="})
    void a_challenge_of_another_form_is_refused(String text) {
      assertThatThrownBy(() -> new PkceChallenge(text)).hasMessageStartingWith("invalid_request");
    }
  }

  @Nested
  class An_error {
    @Test
    void knows_its_spelling_and_its_status() {
      var error = ErrorCode.INVALID_CLIENT.because("x").error();
      assertThat(error.code().wire()).isEqualTo("invalid_client");
      assertThat(error.status()).isEqualTo(401);
    }

    @Test
    void may_have_another_status() {
      assertThat(ErrorCode.INVALID_REQUEST.because("x").error().withStatus(413).status())
          .isEqualTo(413);
    }

    @Test
    void has_no_stack_trace() {
      assertThat(ErrorCode.INVALID_REQUEST.because("x").getStackTrace()).isEmpty();
    }

    @Test
    void says_when_to_come_back_in_whole_seconds_and_at_least_one() {
      assertThat(new UnavailableException("x", Duration.ofMillis(5)).retryAfterSeconds())
          .isEqualTo("1");
      assertThat(new UnavailableException("x", Duration.ofMinutes(1)).retryAfterSeconds())
          .isEqualTo("60");
      assertThat(new UnavailableException("x", Duration.ofMillis(5)).retryAfter())
          .isEqualTo(Duration.ofMillis(5));
    }
  }
}
