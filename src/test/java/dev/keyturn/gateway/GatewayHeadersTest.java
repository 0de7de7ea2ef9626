package dev.keyturn.gateway;

import static dev.keyturn.gateway.GivenGateway.TOKEN;
import static dev.keyturn.gateway.GivenGateway.UPSTREAM_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GatewayHeadersTest {
  private final GivenGateway given = new GivenGateway();

  @AfterEach
  void close() {
    given.close();
  }

  @Test
  void swaps_the_token_of_the_client_for_that_of_the_upstream() {
    given.open().get("/mcp");
    assertThat(given.seen.element().headers().getAll("Authorization"))
        .containsExactly("Bearer " + UPSTREAM_TOKEN);
    assertThat(given.seen.element().toString()).doesNotContain(TOKEN);
  }

  @Test
  void injects_into_another_header_and_still_strips_the_token_of_the_client() {
    given.open(new UpstreamInject("default", "X-Backend-Token"));
    sendWith(Map.of("X-Backend-Token", "forged"));
    assertThat(given.seen.element().headers().getAll("X-Backend-Token"))
        .containsExactly("Bearer " + UPSTREAM_TOKEN);
    assertThat(given.seen.element().headers().contains("Authorization")).isFalse();
  }

  @Test
  void strips_credentials_when_the_backend_is_given_none() {
    given.open(new Unauthenticated());
    sendWith(Map.of("Cookie", "a=b"));
    assertThat(given.seen.element().headers().names()).doesNotContain("Authorization", "Cookie");
    assertThat(given.seen.element().toString()).doesNotContain(TOKEN, UPSTREAM_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Cookie",
        "Proxy-Authorization",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-User",
        "X_Forwarded_For",
        "X-Real-IP",
        "DPoP",
        "TE",
        "Keep-Alive",
        "Proxy-Connection"
      })
  void keeps_from_the_backend(String name) {
    given.open();
    sendWith(Map.of(name, "value-of-the-client"));
    assertThat(given.seen.element().headers().toString()).doesNotContain("value-of-the-client");
  }

  @Test
  void keeps_from_the_backend_what_connection_names() {
    given.open();
    sendWith(Map.of("Connection", "keep-alive, X-Hop", "X-Hop", "1", "X-End", "2"));
    assertThat(given.seen.element().headers().contains("X-Hop")).isFalse();
    assertThat(given.seen.element().headers().get("X-End")).isEqualTo("2");
  }

  @Test
  void injects_after_the_headers_of_the_connection_are_gone() {
    given.open();
    sendWith(Map.of("Connection", "Authorization"));
    assertThat(given.seen.element().headers().get("Authorization"))
        .isEqualTo("Bearer " + UPSTREAM_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Mcp-Session-Id", "Last-Event-ID", "MCP-Protocol-Version", "Accept", "Mcp-Name"})
  void passes_on(String name) {
    given.open();
    sendWith(Map.of(name, "value"));
    assertThat(given.seen.element().headers().get(name)).isEqualTo("value");
  }

  @Test
  void names_the_backend_as_the_host() {
    given.open().get("/mcp");
    assertThat(given.seen.element().headers().get("Host")).isEqualTo(given.authority());
  }

  @ParameterizedTest
  @CsvSource({
    "Set-Cookie, a=b",
    "WWW-Authenticate, Basic",
    "Access-Control-Allow-Credentials, true",
    "Keep-Alive, timeout=9",
    "Clear-Site-Data, cookies",
    "DPoP-Nonce, n"
  })
  void keeps_from_the_client(String name, String value) {
    answerWith(name, value);
    assertThat(given.open().get("/mcp").headers().contains(name)).isFalse();
  }

  @Test
  void keeps_from_the_client_what_the_backends_connection_names() {
    given.backend =
        request ->
            request.response().putHeader("Connection", "X-Hop").putHeader("X-Hop", "1").end("ok");
    assertThat(given.open().get("/mcp").headers().contains("X-Hop")).isFalse();
  }

  @Test
  void puts_its_own_cors_in_place_of_the_backends() {
    answerWith("Access-Control-Allow-Origin", "https://inner.example.com");
    var headers = given.open().get("/mcp").headers();
    assertThat(headers.getAll("Access-Control-Allow-Origin")).containsExactly("*");
    assertThat(headers.getAll("X-Content-Type-Options")).containsExactly("nosniff");
  }

  @Test
  void passes_back_status_type_and_session() {
    given.backend =
        request ->
            request
                .response()
                .setStatusCode(202)
                .putHeader("Content-Type", "application/json")
                .putHeader("Mcp-Session-Id", "s1")
                .end("{}");
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json");
    assertThat(answer.headers().get("Mcp-Session-Id")).isEqualTo("s1");
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 304})
  void passes_back_an_answer_without_a_body(int status) {
    given.backend = request -> request.response().setStatusCode(status).end();
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.headers().contains("Transfer-Encoding")).isFalse();
  }

  @Test
  void passes_back_the_length_that_head_asks_for() {
    given.backend = request -> request.response().putHeader("Content-Length", "5").end();
    given.open();
    var headers = Map.of("Authorization", "Bearer " + TOKEN);
    var answer = given.send(HttpMethod.HEAD, "/mcp", headers, Buffer.buffer());
    assertThat(answer.headers().get("Content-Length")).isEqualTo("5");
  }

  private void answerWith(String name, String value) {
    given.backend = request -> request.response().putHeader(name, value).end("ok");
  }

  private void sendWith(Map<String, String> headers) {
    var all = new HashMap<>(headers);
    all.put("Authorization", "Bearer " + TOKEN);
    given.send(HttpMethod.GET, "/mcp", all, Buffer.buffer());
  }
}
