package dev.keyturn.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RequestPathTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/mcp", "/mcp/", "/a.b/..c/d..", "/a%20b", "/a;b=c", "/%c3%a4", "/..."})
  void everybody_reads_in_the_same_way(String path) {
    assertThat(RequestPath.isUnambiguous(path)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*",
        "mcp",
        "/./a",
        "/a/..",
        "/a/.",
        "/../a",
        "/a/..;/b",
        "//a",
        "/a//b",
        "/a/%2e%2E/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a%00",
        "/a%",
        "/a%zz",
        "/a b",
        "/a#b",
        "/\u00e4"
      })
  void two_may_read_differently(String path) {
    assertThat(RequestPath.isUnambiguous(path)).isFalse();
  }
}
