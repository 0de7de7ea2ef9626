package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What real clients do that no RFC asks of them, and what they stumble over. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientQuirksIT {
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";

  private static Flow flow;

  private final Wire wire = new Wire();

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private JsonObject metadata() {
    return wire.get(flow.url("/.well-known/oauth-authorization-server")).json();
  }

  private Answer register(String contentType, JsonObject metadata) {
    return wire.postJson(
        flow.url("/oauth/register"), Map.of("Content-Type", contentType), metadata.encode());
  }

  private static JsonObject registering(String... uris) {
    return new JsonObject().put("redirect_uris", new JsonArray(java.util.List.of(uris)));
  }

  /** Clients choose metadata documents only where none is offered beside them. */
  @Test
  void clients_without_a_secret_are_told_that_they_are_welcome() {
    assertThat(metadata().getJsonArray("token_endpoint_auth_methods_supported")).contains("none");
  }

  /** Some clients ask for a refresh token only where the scope is listed. */
  @Test
  void offline_access_is_listed_by_the_server_and_not_by_the_resource() {
    var resource = wire.get(flow.url("/.well-known/oauth-protected-resource/mcp")).json();
    assertThat(metadata().getJsonArray("scopes_supported")).contains("offline_access");
    assertThat(resource.getJsonArray("scopes_supported")).doesNotContain("offline_access");
    assertThat(wire.get(flow.mcp()).header("WWW-Authenticate").orElseThrow())
        .doesNotContain("offline_access");
  }

  /** A client that compares bytes finds the same issuer everywhere. */
  @Test
  void the_issuer_is_one_text_in_every_document() {
    var resource = wire.get(flow.url("/.well-known/oauth-protected-resource/mcp")).json();
    assertThat(metadata().getString("issuer")).isEqualTo(flow.issuer());
    assertThat(resource.getJsonArray("authorization_servers"))
        .isEqualTo(JsonArray.of(flow.issuer()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/oauth/register/", "/oauth/token/", "//oauth/token", "/oauth/Token"})
  void a_post_to_a_path_that_is_almost_right_is_never_redirected(String path) {
    var answer = wire.post(flow.url(path), Form.of("a", "b"));
    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.header("Location")).isEmpty();
  }

  @Test
  void a_registration_may_say_its_charset() {
    var answer = register("application/json; charset=UTF-8", registering(CALLBACK));
    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void a_registration_is_answered_in_json_that_strict_parsers_take() {
    var answer = register("application/json", registering(CALLBACK));
    assertThat(answer.header("Content-Type").orElseThrow()).startsWith("application/json");
    assertThat(answer.body())
        .doesNotContain("null")
        .containsPattern("\"client_id_issued_at\":[0-9]+[,}]")
        .containsPattern("\"client_id\":\"[A-Za-z0-9_-]+\"");
  }

  @Test
  void two_registrations_for_one_connection_are_one_client() {
    assertThat(register("application/json", registering(CALLBACK)).text("client_id"))
        .isEqualTo(register("application/json", registering(CALLBACK)).text("client_id"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cursor://anysphere.cursor-mcp/oauth/callback",
        "https://www.cursor.com/agents/mcp/oauth/callback",
        "http://localhost:8787/callback",
        "http://localhost:51000/callback"
      })
  void one_of_three_registered_uris_is_as_good_as_another(String callback) {
    var all =
        registering(
            "cursor://anysphere.cursor-mcp/oauth/callback",
            "https://www.cursor.com/agents/mcp/oauth/callback",
            "http://localhost:8787/callback");
    var id = register("application/json", all).text("client_id");
    var handed = flow.alice().logIn(new McpClient(flow, id, callback).authorize());
    var target = handed.status() == 200 ? handed.link() : handed.location();
    assertThat(target.toString()).startsWith(callback + "?code=ktc_");
  }

  @Test
  void one_bad_uri_of_three_is_named_and_nothing_is_registered() {
    var answer =
        register(
            "application/json",
            registering(CALLBACK, "http://evil.example/cb", "https://a.example/cb"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("error")).isEqualTo("invalid_redirect_uri");
    assertThat(answer.text("error_description"))
        .isEqualTo(
            "redirect URI http://evil.example/cb must be https, or http on localhost, 127.0.0.1 or"
                + " [::1]");
  }

  /** Browsers write an origin with a slash behind it. */
  @ParameterizedTest
  @CsvSource({"/mcp, 200", "/mcp/, 400", "/MCP, 400"})
  void a_resource_is_compared_as_a_url_and_its_path_exactly(String path, int status) {
    var client = McpClient.registered(flow, CALLBACK);
    var resource = flow.mcp().resolve(path).toString().replace("http://", "HTTP://");
    var answer =
        flow.alice().consentPage(client.authorize(client.request().with("resource", resource)));
    assertThat(answer.status() == 200 ? 200 : 400).isEqualTo(status);
  }

  @Test
  void a_verifier_may_have_every_character_that_it_may_have() {
    var verifier = "Az09-._~".repeat(6);
    var client = McpClient.registered(flow, CALLBACK);
    var request = client.request().with("code_challenge", McpClient.challenge(verifier));
    var code = flow.alice().logIn(client.authorize(request)).handed("code");
    assertThat(client.token(client.redemption(code).with("code_verifier", verifier)).status())
        .isEqualTo(200);
  }

  @Test
  void an_answer_with_an_error_says_who_answered() {
    var client = McpClient.registered(flow, CALLBACK);
    var handed =
        flow.alice().consentPage(client.authorize(client.request().with("scope", "unheard:of")));
    assertThat(handed.handed("error")).isEqualTo("invalid_scope");
    assertThat(handed.handed("iss")).isEqualTo(flow.issuer());
    assertThat(metadata().getBoolean("authorization_response_iss_parameter_supported")).isTrue();
  }

  @Test
  void a_script_reads_why_it_was_refused() {
    var answer = register("application/json", new JsonObject());
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Access-Control-Allow-Origin")).contains("*");
    assertThat(wire.get(flow.mcp()).header("Access-Control-Expose-Headers").orElseThrow())
        .contains("WWW-Authenticate", "Mcp-Session-Id", "DPoP-Nonce");
  }
}
