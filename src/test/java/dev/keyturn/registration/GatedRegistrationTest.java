package dev.keyturn.registration;

import static dev.keyturn.given.Futures.done;
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
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Registration with an initial access token, and the records that are made so. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GatedRegistrationTest {
  private static final String HOST = "https://mcp.example.com";
  private static final String PATH = "/tenant/oauth/register";
  private static final String TOKEN = "initial-0123456789abcdef012345678";
  private static final Duration DAY = Duration.ofHours(24);
  private static final JsonObject METADATA =
      new JsonObject(
          "{\"redirect_uris\":[\"http://localhost/callback\"],\"client_name\":\"Tool\"}");

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final RegisteredClients clients =
      new RegisteredClients(store, clock, new RegisteredClients.Rules(DAY, Scopes.NONE, false));
  private final HmacSecrets hmac = HmacSecrets.ephemeral(new SecureRandom());
  private final List<GivenServer> servers = new ArrayList<>();
  private GivenServer server = requiring(TOKEN);

  @AfterEach
  void stop() {
    servers.forEach(GivenServer::close);
  }

  private GivenServer requiring(String token) {
    return start(Optional.of(InitialAccessToken.of(token)));
  }

  private GivenServer start(Optional<InitialAccessToken> required) {
    var issuer = new Issuer(HOST + "/tenant");
    var config =
        new RegistrationConfig(
            true,
            required,
            DAY,
            100,
            Scopes.NONE,
            RedirectUri.EDITOR_SCHEMES,
            ConfidentialRegistration.NONE);
    var access = new RegistrationAccess(issuer, hmac, new SecureRandom());
    var started =
        GivenServer.with(
            issuer,
            List.of(
                new RegistrationEndpoint(
                    config, clients, new RegistrationQuota(store, config), access, Audit.NONE),
                new RegistrationManagementEndpoint(config, clients, access)));
    servers.add(started);
    return started;
  }

  private HttpResponse<String> send(String method, String path, String body, String... headers) {
    var request = server.request(method, path, body).header("Content-Type", "application/json");
    for (var authorization : headers) {
      request.header("Authorization", authorization);
    }
    return server.send(request);
  }

  private HttpResponse<String> register(String... authorization) {
    return send("POST", PATH, METADATA.encode(), authorization);
  }

  private JsonObject registered() {
    var response = register("Bearer " + TOKEN);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new JsonObject(response.body());
  }

  private static String challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate").orElse("");
  }

  private static void refuses(HttpResponse<String> response, String challenge) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(401);
    assertThat(new JsonObject(response.body()).getString("error")).isEqualTo("invalid_token");
    assertThat(challenge(response)).isEqualTo(challenge);
  }

  @Nested
  class The_initial_access_token {
    @Test
    void lets_a_client_register() {
      assertThat(registered().getString("client_name")).isEqualTo("Tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bearer ", "BEARER  "})
    void comes_under_its_scheme_in_any_case(String scheme) {
      assertThat(register(scheme + TOKEN).statusCode()).isEqualTo(201);
    }

    @Test
    void that_is_missing_is_challenged() {
      refuses(register(), "Bearer");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Bearer wrong",
          "Bearer " + TOKEN + "x",
          "Bearer initial-0123456789abcdef01234567",
          "Bearer INITIAL-0123456789abcdef012345678"
        })
    void that_is_wrong_is_refused(String authorization) {
      refuses(register(authorization), "Bearer error=\"invalid_token\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic " + TOKEN, TOKEN, "Bearer"})
    void under_another_scheme_is_none(String authorization) {
      refuses(register(authorization), "Bearer");
    }

    @Test
    void that_comes_twice_is_none() {
      refuses(register("Bearer " + TOKEN, "Bearer " + TOKEN), "Bearer");
    }

    @Test
    void is_asked_for_before_anything_is_read() {
      refuses(send("POST", PATH, "{"), "Bearer");
    }

    @Test
    void that_was_changed_counts_no_more() {
      server = requiring("changed-0123456789abcdef01234567");
      refuses(register("Bearer " + TOKEN), "Bearer error=\"invalid_token\"");
      assertThat(register("Bearer changed-0123456789abcdef01234567").statusCode()).isEqualTo(201);
    }

    @Test
    void does_not_lift_the_quota() {
      for (int i = 0; i < 60; i++) {
        registered();
      }
      assertThat(register("Bearer " + TOKEN).statusCode()).isEqualTo(429);
    }

    @Test
    void is_no_way_around_the_rules_of_metadata() {
      var wrong = METADATA.copy().put("token_endpoint_auth_method", "client_secret_basic");
      assertThat(send("POST", PATH, wrong.encode(), "Bearer " + TOKEN).statusCode()).isEqualTo(400);
    }
  }

  /** RFC 7592. */
  @Nested
  class A_record {
    private final JsonObject mine = registered();
    private final String path = mine.getString("registration_client_uri").substring(HOST.length());
    private final String bearer = "Bearer " + mine.getString("registration_access_token");
    private final String id = mine.getString("client_id");

    private HttpResponse<String> put(JsonObject metadata) {
      return send("PUT", path, metadata.encode(), bearer);
    }

    private JsonObject renamed(String name) {
      return METADATA.copy().put("client_id", id).put("client_name", name);
    }

    @Test
    void is_not_shared_with_whoever_registers_the_same() {
      var other = registered();
      assertThat(other.getString("client_id")).isNotEqualTo(id);
      assertThat(other.getString("registration_access_token"))
          .isNotEqualTo(mine.getString("registration_access_token"));
    }

    @Test
    void is_not_the_shared_one_of_the_same_metadata() {
      server = start(Optional.empty());
      assertThat(new JsonObject(register().body()).getString("client_id")).isNotEqualTo(id);
    }

    @Test
    void is_a_client() {
      assertThat(done(clients.find(id)).orElseThrow().isStranger()).isTrue();
    }

    @Test
    void holds_the_hash_of_its_token_only() {
      assertThat(done(store.get("client/" + id)).orElseThrow().value().toString())
          .doesNotContain(mine.getString("registration_access_token"));
    }

    @Test
    void is_read_by_its_token() {
      var response = send("GET", path, "", bearer);
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(response.body())).isEqualTo(mine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void is_not_touched_by_another_token(String method) {
      var other = "Bearer " + registered().getString("registration_access_token");
      refuses(send(method, path, renamed("x").encode(), other), "Bearer error=\"invalid_token\"");
      assertThat(done(clients.find(id)).orElseThrow().name().plain()).isEqualTo("Tool");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void is_not_touched_by_the_initial_access_token(String method) {
      refuses(
          send(method, path, renamed("x").encode(), "Bearer " + TOKEN),
          "Bearer error=\"invalid_token\"");
    }

    @Test
    void is_not_read_by_a_token_as_shared_records_have() {
      var mac = new RegistrationAccess(new Issuer(HOST + "/tenant"), hmac, new SecureRandom());
      var token = mac.show(done(clients.registration(id)).orElseThrow());
      refuses(
          send("GET", path, "", "Bearer " + token.getString("registration_access_token")),
          "Bearer error=\"invalid_token\"");
    }

    @Test
    void is_changed() {
      var response = put(renamed("New"));
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      assertThat(new JsonObject(response.body())).isEqualTo(mine.copy().put("client_name", "New"));
      assertThat(done(clients.find(id)).orElseThrow().name().plain()).isEqualTo("New");
    }

    @Test
    void loses_what_a_change_leaves_out() {
      var without = renamed("");
      without.remove("client_name");
      assertThat(new JsonObject(put(without).body()).containsKey("client_name")).isFalse();
    }

    @Test
    void lives_no_longer_for_a_change() {
      clock.forward(DAY.minusMinutes(1));
      put(renamed("New"));
      clock.forward(Duration.ofMinutes(2));
      assertThat(done(clients.find(id))).isEmpty();
    }

    @Test
    void is_changed_by_a_request_that_names_it_only() {
      assertThat(put(METADATA).body()).contains("invalid_client_metadata", "client_id");
      assertThat(put(renamed("x").put("client_id", "other")).statusCode()).isEqualTo(400);
    }

    @Test
    void gets_no_secret_by_a_change() {
      assertThat(put(renamed("x").put("client_secret", "s")).body())
          .contains("this client has none");
      assertThat(put(renamed("x").put("token_endpoint_auth_method", "client_secret_post")).body())
          .contains("must be none");
    }

    @Test
    void gets_no_bad_redirect_uri_by_a_change() {
      var wrong = renamed("x").put("redirect_uris", List.of("http://evil.example/"));
      assertThat(put(wrong).body()).contains("invalid_redirect_uri");
      assertThat(done(clients.find(id)).orElseThrow().name().plain()).isEqualTo("Tool");
    }

    @Test
    void is_changed_by_json_only() {
      var request =
          server
              .request("PUT", path, renamed("x").encode())
              .header("Content-Type", "text/plain")
              .header("Authorization", bearer);
      assertThat(server.send(request).statusCode()).isEqualTo(415);
    }

    @Test
    void is_deleted() {
      var response = send("DELETE", path, "", bearer);
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
      assertThat(done(clients.find(id))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void that_was_deleted_is_answered_like_a_wrong_token(String method) {
      send("DELETE", path, "", bearer);
      refuses(send(method, path, renamed("x").encode(), bearer), "Bearer error=\"invalid_token\"");
    }

    @Test
    void is_still_its_owners_where_nothing_is_required_any_more() {
      server = start(Optional.empty());
      assertThat(put(renamed("New")).statusCode()).isEqualTo(200);
    }
  }

  @Nested
  class A_shared_record_from_before {
    @ParameterizedTest
    @ValueSource(strings = {"PUT", "DELETE"})
    void is_changed_by_nobody(String method) {
      server = start(Optional.empty());
      var shared = new JsonObject(register().body());
      server = requiring(TOKEN);
      var path = shared.getString("registration_client_uri").substring(HOST.length());
      var bearer = "Bearer " + shared.getString("registration_access_token");
      assertThat(send(method, path, METADATA.encode(), bearer).statusCode()).isEqualTo(403);
    }
  }
}
