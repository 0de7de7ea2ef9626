package dev.keyturn.gateway;

import static dev.keyturn.gateway.GivenGateway.METADATA;
import static dev.keyturn.gateway.GivenGateway.TOKEN;
import static dev.keyturn.gateway.GivenGateway.UPSTREAM_TOKEN;
import static dev.keyturn.gateway.GivenGateway.done;
import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;
import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GatewayTest {
  private final GivenGateway given = new GivenGateway();

  @AfterEach
  void close() {
    given.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp", "/mcp/x", "/mcp?a=b"})
  void serves_the_path_and_what_lies_below(String uri) {
    assertThat(given.open().get(uri).body()).isEqualTo("ok");
  }

  @Test
  void does_not_serve_a_path_that_only_begins_alike() {
    assertThat(given.open().get("/mcpx").status()).isEqualTo(404);
  }

  @Test
  void passes_on_the_rest_of_the_path_and_the_query_as_they_are() {
    given.open().get("/mcp/a%20b/;c?q=%2e&access=1");
    assertThat(given.seen.element().uri()).isEqualTo("/inner/a%20b/;c?q=%2e&access=1");
  }

  @Test
  void prefers_the_longest_path() {
    given.open(
        1000,
        given.backend("/mcp", new Unauthenticated()),
        given.backend("/mcp/deep", new UpstreamInject("default")));
    given.get("/mcp/deep/x");
    assertThat(given.seen.element().headers().get("Authorization")).endsWith(UPSTREAM_TOKEN);
  }

  @Test
  void leaves_requests_to_endpoints_alone() {
    given.open(1000, given.backend("/", new Unauthenticated()));
    assertThat(given.get("/oauth/token").body()).isEqualTo("endpoint");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/mcp/../admin", "/mcp/%2e%2e/admin", "/mcp/%2Fadmin", "/mcp//x"})
  void refuses_an_ambiguous_path(String uri) {
    assertThat(given.open().get(uri).status()).isEqualTo(400);
    assertThat(given.seen).isEmpty();
  }

  @Test
  void challenges_a_request_without_a_token() {
    var answer = given.open().send(HttpMethod.POST, "/mcp", Map.of(), Buffer.buffer("{}"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge())
        .isEqualTo("Bearer resource_metadata=\"" + METADATA + "\", scope=\"mcp:read mcp:write\"");
  }

  @Test
  void answers_refusals_as_json_that_scripts_may_read_and_nobody_keeps() {
    var answer = given.open().send(HttpMethod.GET, "/mcp", Map.of(), Buffer.buffer());
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("invalid_token");
    assertThat(answer.headers().get("Cache-Control")).isEqualTo("no-store");
    assertThat(answer.headers().get("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.headers().get("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.headers().get("Access-Control-Expose-Headers")).contains("WWW-Authenticate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer expired", "Bearer foreign", "Bearer", "Bearer a b"})
  void refuses_a_token_that_is_not_for_this_backend(String authorization) {
    var answer = authorized(authorization);
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).contains("error=\"invalid_token\"", METADATA);
  }

  @Test
  void asks_for_all_scopes_if_one_is_lacking() {
    var answer = authorized("Bearer narrow");
    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.challenge())
        .contains(
            "error=\"insufficient_scope\"",
            "scope=\"mcp:read mcp:write\"",
            "resource_metadata=\"" + METADATA + "\"",
            "error_description=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer " + TOKEN, "BEARER  " + TOKEN})
  void reads_the_scheme_in_any_case(String authorization) {
    assertThat(authorized(authorization).status()).isEqualTo(200);
  }

  @Test
  void takes_another_scheme_for_no_token() {
    assertThat(authorized("Basic YTpi").challenge()).doesNotContain("error=");
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token=x", "a=b&access%5Ftoken=x", "access_token"})
  void refuses_a_token_in_the_query(String query) {
    assertThat(given.open().get("/mcp?" + query).status()).isEqualTo(400);
  }

  @Test
  void refuses_a_repeated_authorization_header() {
    given.open();
    var answer =
        done(
            given
                .authorized(HttpMethod.GET, "/mcp")
                .onSuccess(request -> request.headers().add("Authorization", "Bearer other"))
                .compose(request -> request.send()));
    assertThat(answer.statusCode()).isEqualTo(400);
  }

  @Test
  void refuses_methods_that_no_client_of_mcp_uses() {
    var answer = given.open().send(HttpMethod.PUT, "/mcp", Map.of(), Buffer.buffer("x"));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers().get("Allow")).isEqualTo("DELETE, GET, HEAD, OPTIONS, POST");
  }

  @Test
  void answers_a_preflight_before_it_asks_for_a_token() {
    var headers = Map.of("Access-Control-Request-Headers", "mcp-param-x");
    var answer = given.open().send(HttpMethod.OPTIONS, "/mcp", headers, Buffer.buffer());
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers().get("Access-Control-Allow-Methods"))
        .contains("GET", "POST", "DELETE", "OPTIONS");
    assertThat(answer.headers().get("Access-Control-Allow-Headers"))
        .contains("Authorization", "Mcp-Session-Id", "Last-Event-ID", "mcp-param-x");
  }

  @Test
  void challenges_when_only_a_new_login_brings_an_upstream_token() {
    given.upstreams =
        (token, upstream) -> Future.failedFuture(INVALID_TOKEN.because("log in again"));
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.challenge()).contains("error_description=\"log in again\"");
  }

  @Test
  void says_when_to_come_back_if_the_upstream_is_away() {
    given.upstreams =
        (token, upstream) ->
            Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(7)));
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.headers().get("Retry-After")).isEqualTo("7");
  }

  @Test
  void says_when_to_come_back_if_tokens_cannot_be_judged() {
    given.verifier =
        token -> Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(7)));
    assertThat(given.open().get("/mcp").status()).isEqualTo(503);
  }

  @Test
  void is_a_bad_gateway_if_no_upstream_token_can_be_had() {
    given.upstreams = (token, upstream) -> Future.failedFuture(INVALID_GRANT.because("secret"));
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.body()).doesNotContain("secret");
  }

  @Test
  void hides_a_failure_of_its_own() {
    given.verifier =
        token -> {
          throw new IllegalStateException("secret");
        };
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.body()).isEqualTo("{\"error\":\"server_error\"}");
  }

  @Test
  void is_a_bad_gateway_if_the_backend_is_away() {
    given.open().stopBackend();
    var answer = given.get("/mcp");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(new JsonObject(answer.body()).getString("error")).isEqualTo("server_error");
  }

  @Test
  void keeps_the_challenge_of_a_backend_to_itself() {
    given.backend =
        request ->
            request
                .response()
                .setStatusCode(401)
                .putHeader("WWW-Authenticate", "Bearer realm=\"inner\"")
                .end("inner");
    var answer = given.open().get("/mcp");
    assertThat(answer.status()).isEqualTo(502);
    assertThat(answer.challenge()).isNull();
    assertThat(answer.body()).doesNotContain("inner");
  }

  private GivenGateway.Answer authorized(String authorization) {
    return given
        .open()
        .send(HttpMethod.GET, "/mcp", Map.of("Authorization", authorization), Buffer.buffer());
  }
}
