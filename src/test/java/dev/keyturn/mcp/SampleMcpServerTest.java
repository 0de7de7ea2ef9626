package dev.keyturn.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Patience;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SampleMcpServerTest {
  private static final TokenFacts ADA =
      new TokenFacts("u-ada", Optional.of("Ada"), Instant.parse("2026-03-01T12:05:00Z"));

  private Vertx vertx;
  private HttpClient client;
  private SampleMcpServer server;
  private URI url;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    client = vertx.createHttpClient();
    server = new SampleMcpServer(vertx, "127.0.0.1", 0, SampleMcpServerTest::factsOf);
    url = await(server.start());
  }

  @AfterEach
  void stop() {
    await(server.stop());
    await(vertx.close());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "example.com"})
  void refuses_to_listen_beyond_loopback(String host) {
    assertThatThrownBy(() -> new SampleMcpServer(vertx, host, 0, SampleMcpServerTest::factsOf))
        .hasMessageStartingWith("host must be");
  }

  @ParameterizedTest
  @CsvSource({
    "2025-03-26,2025-03-26",
    "2025-06-18,2025-06-18",
    "2025-11-25,2025-11-25",
    "2024-01-01,2025-11-25"
  })
  void agrees_on_a_version(String asked, String agreed) {
    var params = new JsonObject().put("protocolVersion", asked);

    assertThat(result("initialize", params).getString("protocolVersion")).isEqualTo(agreed);
  }

  @Test
  void offers_tools_and_opens_no_session() {
    var params = new JsonObject().put("protocolVersion", "2025-11-25");
    var answer = post(request("initialize", params));

    assertThat(answer.json().getJsonObject("result").getJsonObject("capabilities"))
        .isEqualTo(new JsonObject().put("tools", new JsonObject()));
    assertThat(answer.headers().contains("Mcp-Session-Id")).isFalse();
  }

  @Test
  void refuses_to_initialize_without_a_version() {
    assertThat(errorOf(post(request("initialize", new JsonObject())))).isEqualTo(-32602);
  }

  @Test
  void takes_a_notification_without_an_answer() {
    var answer = post("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");

    assertThat(answer.status()).isEqualTo(202);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void takes_an_answer_of_the_client() {
    assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}").status()).isEqualTo(202);
  }

  @Test
  void answers_a_ping_under_its_id() {
    assertThat(post("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"ping\"}").json())
        .isEqualTo(
            new JsonObject().put("jsonrpc", "2.0").put("id", "a").put("result", new JsonObject()));
  }

  @Test
  void lists_two_tools() {
    assertThat(result("tools/list", new JsonObject()).getJsonArray("tools"))
        .extracting(tool -> ((JsonObject) tool).getString("name"))
        .containsExactly("whoami", "greet");
  }

  @Test
  void greets_by_name() {
    assertThat(text(call("greet", new JsonObject().put("name", "Bo")))).isEqualTo("Hello, Bo!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"name\":1}", "{\"name\":\" \"}"})
  void greeting_nobody_is_a_mistake_that_the_model_sees(String arguments) {
    assertThat(call("greet", new JsonObject(arguments)).getBoolean("isError")).isTrue();
  }

  @Test
  void greeting_a_name_beyond_measure_is_a_mistake() {
    var arguments = new JsonObject().put("name", "x".repeat(101));

    assertThat(call("greet", arguments).getBoolean("isError")).isTrue();
  }

  @Test
  void whoami_tells_whose_token_arrived_and_its_expiry() {
    var answer = whoami("Bearer ada-token").json().getJsonObject("result");

    assertThat(text(answer))
        .isEqualTo(
            "The upstream token of u-ada (Ada) arrived. It expires at 2026-03-01T12:05:00Z.");
    assertThat(answer.getJsonObject("structuredContent").getString("subject")).isEqualTo("u-ada");
  }

  @Test
  void whoami_never_tells_the_token() {
    assertThat(whoami("Bearer ada-token").body()).doesNotContain("ada-token");
  }

  @Test
  void whoami_tells_that_no_token_arrived() {
    assertThat(text(call("whoami", new JsonObject()))).isEqualTo("No upstream token arrived.");
  }

  @Test
  void whoami_tells_that_a_token_is_unknown() {
    assertThat(text(whoami("Bearer other").json().getJsonObject("result")))
        .isEqualTo("A token arrived, but its issuer does not know it.");
  }

  @Test
  void a_failed_question_to_the_issuer_is_an_internal_error() {
    var answer = whoami("Bearer failing");

    assertThat(errorOf(answer)).isEqualTo(-32603);
    assertThat(answer.body()).doesNotContain("issuer is gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nonsense", "{} {}"})
  void refuses_what_is_not_json(String body) {
    assertThat(errorOf(post(body))).isEqualTo(-32700);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1",
        "null",
        "{}",
        "{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":5}",
        "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}",
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}",
        "[]"
      })
  void refuses_what_is_no_message(String body) {
    assertThat(errorOf(post(body))).isEqualTo(-32600);
  }

  @Test
  void refuses_an_unknown_method() {
    assertThat(errorOf(post(request("resources/list", new JsonObject())))).isEqualTo(-32601);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "{\"name\":\"other\"}", "{\"name\":\"greet\",\"arguments\":\"Bo\"}"})
  void refuses_a_call_of_no_tool(String params) {
    assertThat(errorOf(post(request("tools/call", new JsonObject(params))))).isEqualTo(-32602);
  }

  @Test
  void answers_a_batch_of_the_version_that_has_them() {
    var ping = request("ping", new JsonObject());
    var notification = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/x\"}";
    var answer = post("[" + ping + "," + notification + "," + ping + "]");

    assertThat(new JsonArray(answer.body())).hasSize(2);
  }

  @Test
  void refuses_a_batch_of_a_version_without() {
    var ping = request("ping", new JsonObject());

    assertThat(errorOf(post("[" + ping + "]", Map.of("MCP-Protocol-Version", "2025-06-18"))))
        .isEqualTo(-32600);
  }

  @Test
  void refuses_an_unknown_version_header() {
    var answer =
        post(request("ping", new JsonObject()), Map.of("MCP-Protocol-Version", "1999-01-01"));

    assertThat(answer.status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/plain", ";", "application/jsonx"})
  void refuses_another_content_type(String type) {
    assertThat(post(request("ping", new JsonObject()), Map.of("Content-Type", type)).status())
        .isEqualTo(415);
  }

  @Test
  void refuses_a_body_beyond_measure() {
    assertThat(post(" ".repeat(1024 * 1024 + 1)).status()).isEqualTo(413);
  }

  @Test
  void refuses_a_foreign_web_page() {
    assertThat(
            post(request("ping", new JsonObject()), Map.of("Origin", "http://evil.example"))
                .status())
        .isEqualTo(403);
  }

  @Test
  void answers_a_local_web_page() {
    assertThat(
            post(request("ping", new JsonObject()), Map.of("Origin", "http://localhost:6274"))
                .status())
        .isEqualTo(200);
  }

  @Test
  void ends_a_session_that_it_never_had() {
    assertThat(send(HttpMethod.DELETE, Map.of(), "").status()).isEqualTo(200);
  }

  @Test
  void refuses_other_methods() {
    assertThat(send(HttpMethod.PUT, Map.of(), "").status()).isEqualTo(405);
  }

  @Test
  void opens_a_stream_at_once_and_ends_it_at_the_stop() {
    var ended = Promise.<Void>promise();
    var head = Promise.<String>promise();
    vertx.runOnContext(
        now ->
            ask(HttpMethod.GET, Map.of("Accept", "text/event-stream"), "")
                .map(response -> response.endHandler(ended::complete))
                .map(response -> response.headers().get("Content-Type"))
                .onComplete(head));

    assertThat(await(head.future())).isEqualTo("text/event-stream");
    await(server.stop());
    await(ended.future());
  }

  @Test
  void opens_no_stream_for_who_cannot_read_it() {
    assertThat(send(HttpMethod.GET, Map.of("Accept", "application/json"), "").status())
        .isEqualTo(406);
  }

  private static Future<Optional<TokenFacts>> factsOf(String bearerToken) {
    return bearerToken.equals("failing")
        ? Future.failedFuture("issuer is gone")
        : Future.succeededFuture(Optional.of(ADA).filter(ada -> bearerToken.equals("ada-token")));
  }

  private Answer whoami(String authorization) {
    var params = new JsonObject().put("name", "whoami");
    return post(request("tools/call", params), Map.of("Authorization", authorization));
  }

  private JsonObject call(String tool, JsonObject arguments) {
    return result("tools/call", new JsonObject().put("name", tool).put("arguments", arguments));
  }

  private JsonObject result(String method, JsonObject params) {
    return post(request(method, params)).json().getJsonObject("result");
  }

  private static String request(String method, JsonObject params) {
    return new JsonObject()
        .put("jsonrpc", "2.0")
        .put("id", 1)
        .put("method", method)
        .put("params", params)
        .encode();
  }

  private static String text(JsonObject result) {
    return result.getJsonArray("content").getJsonObject(0).getString("text");
  }

  private static int errorOf(Answer answer) {
    return answer.json().getJsonObject("error").getInteger("code");
  }

  private Answer post(String body) {
    return post(body, Map.of());
  }

  private Answer post(String body, Map<String, String> more) {
    var headers = new HashMap<>(Map.of("Content-Type", "application/json"));
    headers.putAll(more);
    return send(HttpMethod.POST, headers, body);
  }

  private Answer send(HttpMethod method, Map<String, String> headers, String body) {
    var answer = Promise.<Answer>promise();
    vertx.runOnContext(
        now ->
            ask(method, headers, body)
                .compose(response -> response.body().map(bytes -> Answer.of(response, bytes)))
                .onComplete(answer));
    return await(answer.future());
  }

  private Future<HttpClientResponse> ask(
      HttpMethod method, Map<String, String> headers, String body) {
    return client
        .request(method, url.getPort(), url.getHost(), url.getPath())
        .compose(
            request -> {
              headers.forEach(request::putHeader);
              return request.send(body);
            });
  }

  private static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(Patience.SECONDS, Patience.UNIT);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private record Answer(int status, MultiMap headers, String body) {
    static Answer of(HttpClientResponse response, Buffer body) {
      return new Answer(response.statusCode(), response.headers(), body.toString());
    }

    JsonObject json() {
      return new JsonObject(body);
    }
  }
}
