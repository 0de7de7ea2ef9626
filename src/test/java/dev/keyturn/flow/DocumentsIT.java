package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The documents that discovery reads, as caches and strict parsers take them. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentsIT {
  private static final Pattern NULL = Pattern.compile("[:,\\[]\\s*null\\b");
  private static Flow flow;

  private final Wire wire = new Wire();

  @BeforeAll
  static void start() {
    flow = Flow.started(Plan.USUAL.at("/tenant"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  /** Documents that have an entity tag. */
  static List<String> tagged() {
    return List.of(
        "/.well-known/oauth-authorization-server/tenant",
        "/tenant/.well-known/openid-configuration",
        "/tenant/.well-known/jwks.json");
  }

  static Stream<String> documents() {
    return Stream.concat(
        tagged().stream(),
        Stream.of(
            "/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void HEAD_has_the_headers_of_GET_and_no_body(String path) {
    var get = ask("GET", path, Map.of());
    var head = ask("HEAD", path, Map.of());
    assertThat(get.header("Content-Length")).contains(String.valueOf(get.body().length()));
    assertThat(head.status()).isEqualTo(200);
    assertThat(head.headers()).isEqualTo(get.headers());
    assertThat(head.body()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("documents")
  void a_document_holds_no_null(String path) {
    assertThat(ask("GET", path, Map.of()).body()).startsWith("{").doesNotContainPattern(NULL);
  }

  @ParameterizedTest
  @MethodSource("tagged")
  void who_names_the_tag_is_told_that_nothing_changed(String path) {
    var tag = ask("GET", path, Map.of()).header("ETag").orElseThrow();
    var answer = ask("GET", path, Map.of("If-None-Match", tag));
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.header("ETag")).contains(tag);
    assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
  }

  @ParameterizedTest
  @MethodSource("tagged")
  void HEAD_with_the_tag_is_304_as_well(String path) {
    var tag = ask("HEAD", path, Map.of()).header("ETag").orElseThrow();
    assertThat(ask("HEAD", path, Map.of("If-None-Match", tag)).status()).isEqualTo(304);
  }

  private Answer ask(String method, String path, Map<String, String> headers) {
    return wire.send(method, URI.create(Browser.originOf(flow.url("")) + path), headers, "");
  }
}
