package dev.keyturn.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.crypto.HmacSecrets;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Issuer;
import dev.keyturn.oauth.RedirectUri;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegistrationEndpointTest {
  private static final String CALLBACK = "http://localhost/callback";
  private static final Duration DAY = Duration.ofHours(24);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Audit audit =
      (kind, details) -> told.add(kind.wire() + " " + details.get("client"));
  private final GivenServer server = start();

  private GivenServer start() {
    var issuer = new Issuer("https://mcp.example.com/tenant");
    var config =
        new RegistrationConfig(
            true,
            Optional.empty(),
            DAY,
            100,
            Scopes.NONE,
            RedirectUri.EDITOR_SCHEMES,
            ConfidentialRegistration.NONE);
    var clients = new RegisteredClients(store, clock, config.rules());
    var access =
        new RegistrationAccess(
            issuer, HmacSecrets.ephemeral(new SecureRandom()), new SecureRandom());
    var quota = new RegistrationQuota(store, config);
    return GivenServer.with(
        issuer,
        List.of(
            new RegistrationEndpoint(config, clients, quota, access, audit),
            new RegistrationManagementEndpoint(config, clients, access)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> post(String body) {
    return server.send(
        server
            .request("POST", "/tenant/oauth/register", body)
            .header("Content-Type", "application/json"));
  }

  private static JsonObject minimal() {
    return new JsonObject().put("redirect_uris", new JsonArray().add(CALLBACK));
  }

  private JsonObject registered(JsonObject metadata) {
    var response = post(metadata.encode());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new JsonObject(response.body());
  }

  private JsonObject registeredWith(String name, Object value) {
    return registered(minimal().put(name, value));
  }

  private void refuses(JsonObject metadata, String error, String description) {
    var response = post(metadata.encode());
    assertThat(response.statusCode()).isEqualTo(400);
    var body = new JsonObject(response.body());
    assertThat(body.getString("error")).isEqualTo(error);
    assertThat(body.getString("error_description")).contains(description);
  }

  @Test
  void a_new_client_is_told_of_and_one_that_registers_again_is_not() {
    var id = registered(minimal()).getString("client_id");
    registered(minimal());
    assertThat(told).containsExactly("client.registered " + id);
  }

  @Nested
  class Real_clients {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "cursor",
          "claude-code",
          "claude-web",
          "vscode",
          "inspector-cli",
          "inspector-web",
          "mcp-remote",
          "sdk-v1",
          "sdk-v2",
          "chatgpt",
          "opencode",
          "codex",
          "toolhive"
        })
    void register(String name) throws Exception {
      try (var in = RegistrationEndpointTest.class.getResourceAsStream(name + ".json")) {
        var sent = new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        var answer = registered(sent);
        assertThat(answer.getJsonArray("redirect_uris"))
            .isEqualTo(sent.getJsonArray("redirect_uris"));
      }
    }
  }

  @Nested
  class The_answer {
    @Test
    void is_complete_for_the_least_request() {
      var answer = registered(minimal());
      answer.remove("registration_access_token");
      var id = (String) answer.remove("client_id");
      assertThat(answer)
          .isEqualTo(
              new JsonObject()
                  .put("client_id_issued_at", clock.instant().getEpochSecond())
                  .put("redirect_uris", new JsonArray().add(CALLBACK))
                  .put("grant_types", JsonArray.of("authorization_code", "refresh_token"))
                  .put("response_types", JsonArray.of("code"))
                  .put("token_endpoint_auth_method", "none")
                  .put("application_type", "native")
                  .put(
                      "registration_client_uri",
                      "https://mcp.example.com/tenant/oauth/register/" + id));
    }

    @Test
    void is_not_stored_by_anybody() {
      assertThat(post(minimal().encode()).headers().firstValue("Cache-Control"))
          .contains("no-store");
    }

    @Test
    void may_be_read_by_a_script_of_any_origin() {
      assertThat(post(minimal().encode()).headers().firstValue("Access-Control-Allow-Origin"))
          .contains("*");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_name",
          "client_name#fr",
          "client_name#zh-Hant-TW",
          "software_id",
          "software_version"
        })
    void echoes_texts(String name) {
      assertThat(registeredWith(name, "Outil é").getString(name)).isEqualTo("Outil é");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_uri", "logo_uri", "tos_uri", "policy_uri"})
    void echoes_urls(String name) {
      assertThat(registeredWith(name, "https://a.example/x").getString(name))
          .isEqualTo("https://a.example/x");
    }

    @Test
    void echoes_contacts() {
      assertThat(registeredWith("contacts", JsonArray.of("a@b.example")).getJsonArray("contacts"))
          .isEqualTo(JsonArray.of("a@b.example"));
    }

    @Test
    void echoes_the_scope() {
      assertThat(registeredWith("scope", "mcp:read  x").getString("scope")).isEqualTo("mcp:read x");
    }

    @Test
    void takes_a_scope_that_is_an_array() {
      assertThat(registeredWith("scope", JsonArray.of("a", "b c", "d")).getString("scope"))
          .isEqualTo("a d");
    }

    @Test
    void leaves_out_a_url_that_is_none() {
      assertThat(registeredWith("logo_uri", "javascript:alert(1)").containsKey("logo_uri"))
          .isFalse();
    }

    @Test
    void leaves_out_what_is_unknown() {
      assertThat(registeredWith("require_signed_request_object", true).fieldNames())
          .doesNotContain("require_signed_request_object");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "client_name",
          "grant_types",
          "response_types",
          "scope",
          "contacts",
          "token_endpoint_auth_method",
          "application_type",
          "jwks_uri"
        })
    void takes_null_for_left_out(String name) {
      assertThat(registeredWith(name, null)).isEqualTo(registered(minimal()));
    }

    @Test
    void keeps_the_known_grants() {
      var grants = JsonArray.of("authorization_code", "urn:ietf:params:oauth:grant-type:x");
      assertThat(registeredWith("grant_types", grants).getJsonArray("grant_types"))
          .isEqualTo(JsonArray.of("authorization_code"));
    }

    @ParameterizedTest
    @CsvSource({
      "https://a.example/cb, web",
      "http://127.0.0.1:8080/cb, native",
      "com.example.app:/cb, native",
      "cursor://anysphere.cursor-mcp/cb, native",
    })
    void derives_the_application_type(String uri, String type) {
      var answer = registered(new JsonObject().put("redirect_uris", JsonArray.of(uri)));
      assertThat(answer.getString("application_type")).isEqualTo(type);
    }

    @Test
    void echoes_the_application_type() {
      assertThat(registeredWith("application_type", "web").getString("application_type"))
          .isEqualTo("web");
    }

    @Test
    void is_the_same_for_the_same_metadata() {
      assertThat(registered(minimal())).isEqualTo(registered(minimal()));
    }
  }

  @Nested
  class A_refusal {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "http://a.example/cb",
          "https://a.example/cb#x",
          "https://me@a.example/cb",
          "javascript:alert(1)",
          "unknown://cb",
          "/cb"
        })
    void names_the_redirect_uri(String uri) {
      var mixed = JsonArray.of(CALLBACK, uri);
      refuses(
          new JsonObject().put("redirect_uris", mixed),
          "invalid_redirect_uri",
          "redirect URI " + uri + " ");
    }

    @Test
    void asks_for_redirect_uris() {
      refuses(new JsonObject(), "invalid_redirect_uri", "at least one URI");
    }

    @Test
    void asks_for_one_redirect_uri_at_least() {
      refuses(minimal().put("redirect_uris", new JsonArray()), "invalid_redirect_uri", "one");
    }

    @Test
    void takes_no_redirect_uri_that_is_no_text() {
      refuses(
          minimal().put("redirect_uris", JsonArray.of(CALLBACK, 1)), "invalid_redirect_uri", "");
    }

    @Test
    void bounds_the_number_of_redirect_uris() {
      var uris = new JsonArray();
      for (int i = 0; i < 11; i++) {
        uris.add("https://a.example/" + i);
      }
      refuses(minimal().put("redirect_uris", uris), "invalid_redirect_uri", "at most 10");
    }

    @Test
    void bounds_the_length_of_a_redirect_uri() {
      refuses(
          minimal().put("redirect_uris", JsonArray.of("https://a.example/" + "x".repeat(2048))),
          "invalid_redirect_uri",
          "must be at most 2048 characters long");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret_basic", "client_secret_post", "private_key_jwt", "tls"})
    void names_the_method_that_is_supported(String method) {
      refuses(
          minimal().put("token_endpoint_auth_method", method),
          "invalid_client_metadata",
          "token_endpoint_auth_method must be none");
    }

    @Test
    void takes_no_method_that_is_no_text() {
      refuses(
          minimal().put("token_endpoint_auth_method", JsonArray.of("none")),
          "invalid_client_metadata",
          "must be none");
    }

    @Test
    void asks_for_the_code_grant() {
      refuses(
          minimal().put("grant_types", JsonArray.of("refresh_token")),
          "invalid_client_metadata",
          "authorization_code");
    }

    @Test
    void asks_for_an_array_of_grants() {
      refuses(
          minimal().put("grant_types", "authorization_code"),
          "invalid_client_metadata",
          "array of strings");
    }

    @Test
    void asks_for_the_response_type_code() {
      refuses(
          minimal().put("response_types", JsonArray.of("token")),
          "invalid_client_metadata",
          "code");
    }

    @Test
    void bounds_the_name() {
      refuses(minimal().put("client_name", "x".repeat(257)), "invalid_client_metadata", "256");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\u202Eb", "\u0000"})
    void takes_no_name_that_a_page_cannot_show(String name) {
      refuses(minimal().put("client_name", name), "invalid_client_metadata", "cannot be shown");
    }

    @Test
    void takes_no_half_of_a_character() {
      var half = minimal().encode().replace("}", ",\"client_name\":\"a\\ud800b\"}");
      assertThat(post(half).body()).contains("cannot be shown");
    }

    @Test
    void bounds_the_number_of_texts() {
      var many = minimal();
      for (int i = 0; i < 41; i++) {
        many.put("client_name#x" + i, "x");
      }
      refuses(many, "invalid_client_metadata", "too many texts");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "[]",
          "null",
          "{",
          "{} {}",
          "{'redirect_uris': []}",
          "{\"redirect_uris\":[\"http://localhost/callback\"],/* x */\"a\":1}",
          "{\"redirect_uris\":[\"http://localhost/a\"],\"redirect_uris\":[\"http://localhost/b\"]}"
        })
    void takes_only_one_strict_json_object(String body) {
      var response = post(body);
      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(response.body()).contains("invalid_client_metadata");
    }

    @Test
    void bounds_the_depth() {
      var body = "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}";
      assertThat(post(body).body()).contains("invalid_client_metadata");
    }

    @Test
    void bounds_the_size() {
      assertThat(post(minimal().put("x", "x".repeat(65_536)).encode()).statusCode()).isEqualTo(413);
    }

    @Test
    void takes_no_other_content_type() {
      var request =
          server
              .request("POST", "/tenant/oauth/register", minimal().encode())
              .header("Content-Type", "text/plain");
      assertThat(server.send(request).statusCode()).isEqualTo(415);
    }

    @Test
    void tells_when_to_come_back_once_the_quota_is_used_up() {
      for (int i = 0; i < 60; i++) {
        registeredWith("client_name", "Tool " + i);
      }
      var response = post(minimal().encode());
      assertThat(response.statusCode()).isEqualTo(429);
      assertThat(response.headers().firstValue("Retry-After")).contains("3600");
      assertThat(response.body()).contains("temporarily_unavailable");
    }
  }

  @Nested
  class Rfc_7592 {
    private final JsonObject mine = registered(minimal());

    private HttpResponse<String> ask(String method, String authorization) {
      var path =
          mine.getString("registration_client_uri").substring("https://mcp.example.com".length());
      return server.send(server.request(method, path, "").header("Authorization", authorization));
    }

    private String bearer() {
      return "Bearer " + mine.getString("registration_access_token");
    }

    @Test
    void a_client_reads_its_record() {
      var response = ask("GET", bearer());
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(response.body())).isEqualTo(mine);
    }

    @Test
    void the_scheme_is_taken_in_any_case() {
      assertThat(ask("GET", bearer().replace("Bearer", "bearer")).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void nobody_changes_a_shared_record(String method) {
      assertThat(ask(method, bearer()).statusCode()).isEqualTo(403);
      assertThat(ask("GET", bearer()).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void a_wrong_token_is_refused(String method) {
      var response = ask(method, "Bearer AAAA");
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate"))
          .contains("Bearer error=\"invalid_token\"");
    }

    @Test
    void a_token_that_is_not_base64_is_refused() {
      assertThat(ask("GET", "Bearer !!").statusCode()).isEqualTo(401);
    }

    @Test
    void the_token_of_another_client_is_refused() {
      var other = registeredWith("client_name", "Other").getString("registration_access_token");
      assertThat(ask("GET", "Bearer " + other).statusCode()).isEqualTo(401);
    }

    @Test
    void a_missing_token_is_challenged() {
      var response = ask("GET", "Basic eDp5");
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(response.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    }

    @Test
    void an_ended_record_is_refused() {
      clock.forward(DAY);
      assertThat(ask("GET", bearer()).statusCode()).isEqualTo(401);
    }
  }
}
