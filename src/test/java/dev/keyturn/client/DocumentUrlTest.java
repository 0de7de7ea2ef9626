package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentUrlTest {
  private static final String START = "https://a.example/";

  @Nested
  class A_name_is_meant_to_be_a_url {
    @ParameterizedTest
    @ValueSource(
        strings = {"https://a.example/c", "https:", "HTTPS:x", "http://a.example/c", "hTTp:"})
    void if_it_starts_as_one_of_the_web(String id) {
      assertThat(DocumentUrl.isMeant(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "c1",
          "https",
          "http",
          "httpx://a.example/c",
          "ftp://a.example/c",
          " https:"
        })
    void not_if_it_starts_otherwise(String id) {
      assertThat(DocumentUrl.isMeant(id)).isFalse();
    }
  }

  @Nested
  class A_url {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://a.example/c",
          "https://a.example//",
          "https://a-b.c.example/path/to/client.json",
          "https://a.example/c?version=1",
          "https://a.example/..c/c../.well-known/...",
          "https://a.example/%2E%2Ec",
          "https://a.example/c?../..",
        })
    void may_be_that_of_a_document(String url) {
      assertThat(DocumentUrl.isGood(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"http://a.example/c", "HTTPS://a.example/c", "https:a.example/c", "c1", ""})
    void must_be_https_in_lower_case(String url) {
      assertThat(DocumentUrl.isGood(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://a.example",
          "https://a.example/",
          "https://a.example?c",
          "https://a.example/?c"
        })
    void must_have_a_path(String url) {
      assertThat(DocumentUrl.isGood(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://A.example/c",
          "https://a_b/c",
          "https://a..example/c",
          "https://-a.example/c",
          "https://1.2.3/c",
          "https://[::1]/c",
          "https://[::77777777777.1]/c",
          "https://é.example/c",
          "https:///c",
        })
    void must_have_a_host_that_is_one_in_lower_case(String url) {
      assertThat(DocumentUrl.isGood(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://u@a.example/c", "https://u:p@a.example/c"})
    void names_no_user(String url) {
      assertThat(DocumentUrl.isGood(url)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 442, 444, 8443, 65_535})
    void may_have_a_port(int port) {
      assertThat(DocumentUrl.isGood("https://a.example:" + port + "/c")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"443", "65536", "99999", "100000", "0", "0444", "", "x"})
    void has_no_port_that_is_the_usual_or_none(String port) {
      assertThat(DocumentUrl.isGood("https://a.example:" + port + "/c")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {".", "..", "./c", "../c", "c/.", "c/..", "c/./d", "c/../d", "..?q"})
    void has_no_dot_segments(String rest) {
      assertThat(DocumentUrl.isGood(START + rest)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%2e", "%2E/c", "c/%2e%2E", "c/.%2e/d", "%2E./c"})
    void has_no_dot_segments_in_disguise(String rest) {
      assertThat(DocumentUrl.isGood(START + rest)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"c#", "c#d", "c?q#d", "c?"})
    void has_no_fragment_and_no_empty_query(String rest) {
      assertThat(DocumentUrl.isGood(START + rest)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "c d", "c\n", "c\\d", "c\"", "c<", "c>", "c^", "c`", "c{", "c|", "c}", "é", "c?q q"
        })
    void holds_no_character_that_a_url_may_not_hold(String rest) {
      assertThat(DocumentUrl.isGood(START + rest)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%2", "c%zz", "c[1]", "c?%g0"})
    void is_refused_where_it_does_not_parse(String rest) {
      assertThat(DocumentUrl.isGood(START + rest)).isFalse();
    }

    @Test
    void may_have_512_characters() {
      assertThat(DocumentUrl.isGood(START + "c".repeat(512 - START.length()))).isTrue();
    }

    @Test
    void has_no_more_than_512_characters() {
      assertThat(DocumentUrl.isGood(START + "c".repeat(513 - START.length()))).isFalse();
    }
  }
}
