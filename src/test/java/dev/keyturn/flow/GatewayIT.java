package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Plan;
import dev.keyturn.given.RecordingBackend;
import dev.keyturn.given.User;
import dev.keyturn.given.Wire;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the MCP server is given, and who is kept from it. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GatewayIT {
  private static RecordingBackend backend;
  private static Flow flow;

  private final Wire wire = new Wire();
  private McpClient client;
  private Answer tokens;

  @BeforeAll
  static void start() {
    backend = new RecordingBackend();
    flow = Flow.started(Plan.USUAL.before(backend.url()));
  }

  @AfterAll
  static void stop() {
    flow.close();
    backend.close();
  }

  @BeforeEach
  void connect() {
    client = flow.client();
    tokens = client.connect(flow.alice());
  }

  @Test
  void the_upstream_token_of_the_person_arrives() {
    client.call(accessToken());
    var arrived = backend.last().get("Authorization").substring("Bearer ".length());
    assertThat(flow.idp().describe(arrived).orElseThrow().subject()).isEqualTo("u-alice");
  }

  @Test
  void the_clients_own_token_never_arrives() {
    client.call(accessToken());
    assertThat(backend.last().toString()).doesNotContain(accessToken());
  }

  @Test
  void a_request_without_a_token_is_led_to_the_authorization_server() {
    var before = backend.count();
    var refused = wire.postJson(flow.mcp(), Map.of(), "{}");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("resource_metadata=\"" + flow.url("/.well-known/oauth-protected-resource/mcp"))
        .contains("scope=\"mcp:tools\"")
        .doesNotContain("error");
    assertThat(backend.count()).isEqualTo(before);
  }

  @Test
  void a_token_in_the_query_is_no_token() {
    var url = java.net.URI.create(flow.mcp() + "?access_token=" + accessToken());
    var before = backend.count();
    assertThat(wire.postJson(url, Map.of(), "{}").status()).isEqualTo(400);
    assertThat(backend.count()).isEqualTo(before);
  }

  @Test
  void a_token_with_one_letter_changed_is_refused() {
    var token = accessToken();
    var last = token.charAt(token.length() - 10) == 'A' ? "B" : "A";
    var forged =
        token.substring(0, token.length() - 10) + last + token.substring(token.length() - 9);
    var refused = client.call(forged);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("error=\"invalid_token\"");
  }

  @Test
  void an_expired_token_is_refused() {
    flow.clock().forward(Duration.ofHours(2));
    assertThat(client.call(accessToken()).status()).isEqualTo(401);
  }

  @Test
  void a_token_without_the_backends_scope_is_told_which_one_it_lacks() {
    // Somebody who has approved nothing yet: what was approved once is granted again.
    var somebody = new User(flow.browser(), Flow.BOB);
    var handed = somebody.logIn(client.authorize(client.request().with("scope", "openid")));
    var refused = client.call(client.redeem(handed).text("access_token"));
    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("error=\"insufficient_scope\"", "scope=\"mcp:tools\"");
  }

  @Test
  void a_refresh_token_opens_nothing() {
    assertThat(client.call(tokens.text("refresh_token")).status()).isEqualTo(401);
  }

  @Test
  void an_ID_token_opens_nothing() {
    assertThat(client.call(tokens.text("id_token")).status()).isEqualTo(401);
  }

  @Test
  void a_revoked_session_is_refused() {
    var first = tokens.text("refresh_token");
    client.refresh(client.refresh(first).text("refresh_token"));
    client.refresh(first);
    flow.clock().forward(Duration.ofSeconds(3));
    var before = backend.count();
    assertThat(client.call(accessToken()).header("WWW-Authenticate").orElseThrow())
        .contains("error=\"invalid_token\"");
    assertThat(backend.count()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void an_event_stream_opens_before_its_first_event(HttpClient.Version version) throws Exception {
    var answer = open(version);
    assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (var stream = answer.body()) {
      backend.say("first");
      var lines = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
      assertThat(lines.readLine()).isEqualTo("data: first");
    }
  }

  /** The answer's head; it must come although the backend has said nothing yet. */
  private HttpResponse<java.io.InputStream> open(HttpClient.Version version) throws Exception {
    var request =
        HttpRequest.newBuilder(flow.mcp())
            .version(version)
            .timeout(Patience.LONG)
            .header("Authorization", "Bearer " + accessToken())
            .header("Accept", "text/event-stream")
            .build();
    return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
  }

  private String accessToken() {
    return tokens.text("access_token");
  }
}
