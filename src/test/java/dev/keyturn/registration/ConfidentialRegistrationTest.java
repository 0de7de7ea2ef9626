package dev.keyturn.registration;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.Client;
import dev.keyturn.client.RegisteredClients;
import dev.keyturn.crypto.Digest;
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
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that register and are given a secret. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfidentialRegistrationTest {
  private static final String HOST = "https://mcp.example.com";
  private static final String CALLBACK = "https://web.example/cb";
  private static final String FORCED = "https://hosted.example/cb";
  private static final Duration DAY = Duration.ofHours(24);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final HmacSecrets hmac = HmacSecrets.ephemeral(new SecureRandom());
  private final List<GivenServer> servers = new ArrayList<>();
  private final ConfidentialRegistration on = new ConfidentialRegistration(true, Set.of(FORCED));
  private GivenServer server = start(on);

  @AfterEach
  void stop() {
    servers.forEach(GivenServer::close);
  }

  private RegistrationConfig config(ConfidentialRegistration confidential) {
    return new RegistrationConfig(
        true, Optional.empty(), DAY, 100, Scopes.NONE, RedirectUri.EDITOR_SCHEMES, confidential);
  }

  private RegisteredClients clients(ConfidentialRegistration confidential) {
    return new RegisteredClients(store, clock, config(confidential).rules());
  }

  private GivenServer start(ConfidentialRegistration confidential) {
    var issuer = new Issuer(HOST);
    var config = config(confidential);
    var clients = clients(confidential);
    var access = new RegistrationAccess(issuer, hmac, new SecureRandom());
    var quota = new RegistrationQuota(store, config);
    var started =
        GivenServer.with(
            issuer,
            List.of(
                new RegistrationEndpoint(config, clients, quota, access, Audit.NONE),
                new RegistrationManagementEndpoint(config, clients, access)));
    servers.add(started);
    return started;
  }

  private HttpResponse<String> send(String method, String path, JsonObject body, String bearer) {
    return server.send(
        server
            .request(method, path, body.encode())
            .header("Content-Type", "application/json")
            .header("Authorization", bearer));
  }

  private HttpResponse<String> register(JsonObject metadata) {
    return send("POST", "/oauth/register", metadata, "Bearer none");
  }

  private JsonObject registered(JsonObject metadata) {
    var response = register(metadata);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
    return new JsonObject(response.body());
  }

  private static JsonObject metadata(String method, String... uris) {
    return new JsonObject()
        .put("redirect_uris", new JsonArray(List.of(uris)))
        .put("token_endpoint_auth_method", method);
  }

  private static JsonObject web() {
    return metadata("client_secret_basic", CALLBACK);
  }

  private Client client(JsonObject answer) {
    return done(clients(on).find(answer.getString("client_id"))).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_secret_basic", "client_secret_post"})
  void a_client_that_asks_is_given_a_secret_for_its_method(String method) {
    var answer = registered(metadata(method, CALLBACK));
    assertThat(answer.getString("token_endpoint_auth_method")).isEqualTo(method);
    assertThat(client(answer).authentication().method().wire()).isEqualTo(method);
    assertThat(client(answer).authentication().secretHashes())
        .containsExactly(Digest.of(answer.getString("client_secret")));
  }

  @Test
  void the_secret_is_of_letters_that_no_decoding_changes() {
    assertThat(registered(web()).getString("client_secret")).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void the_secret_says_by_an_integer_that_it_never_expires() {
    assertThat(register(web()).body()).contains("\"client_secret_expires_at\":0");
  }

  @Test
  void the_secret_is_stored_by_its_hash_only() {
    var answer = registered(web());
    var stored = done(store.get("client/" + answer.getString("client_id"))).orElseThrow();
    assertThat(stored.value().toString())
        .doesNotContain(answer.getString("client_secret"))
        .contains(Digest.of(answer.getString("client_secret")));
  }

  @Test
  void pkce_is_asked_of_a_client_with_a_secret_too() {
    assertThat(client(registered(web())).authentication().requiresPkce()).isTrue();
  }

  @Test
  void a_record_with_a_secret_is_shared_with_nobody() {
    var one = registered(web());
    var other = registered(web());
    assertThat(one.getString("client_id")).isNotEqualTo(other.getString("client_id"));
    assertThat(one.getString("client_secret")).isNotEqualTo(other.getString("client_secret"));
  }

  @Test
  void records_with_secrets_are_counted_by_the_quota() {
    for (int i = 0; i < 60; i++) {
      registered(web());
    }
    assertThat(register(web()).statusCode()).isEqualTo(429);
  }

  @Test
  void a_client_without_a_method_is_public() {
    var answer = registered(new JsonObject().put("redirect_uris", JsonArray.of(CALLBACK)));
    assertThat(answer.getString("token_endpoint_auth_method")).isEqualTo("none");
    assertThat(answer.containsKey("client_secret")).isFalse();
    assertThat(answer.containsKey("client_secret_expires_at")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost/cb",
        "http://127.0.0.1/cb",
        "https://localhost/cb",
        "https://LOCALHOST/cb",
        "https://localhost./cb",
        "https://127.1.2.3/cb",
        "https://[::1]/cb",
        "cursor://app/cb",
        "com.example.app:/cb"
      })
  void a_client_that_cannot_keep_a_secret_is_given_none(String uri) {
    var response = register(metadata("client_secret_post", CALLBACK, uri));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(new JsonObject(response.body()).getString("error_description"))
        .isEqualTo("redirect URI " + uri + " must be https: this client has a secret");
  }

  @Test
  void a_method_that_is_not_supported_is_told_which_are() {
    assertThat(register(metadata("tls_client_auth", CALLBACK)).body())
        .contains("invalid_client_metadata", "client_secret_basic or client_secret_post");
  }

  @Test
  void the_methods_of_all_are_told() {
    assertThat(clients(on).methods())
        .containsExactlyInAnyOrder(
            Method.NONE,
            Method.CLIENT_SECRET_BASIC,
            Method.CLIENT_SECRET_POST,
            Method.PRIVATE_KEY_JWT);
    assertThat(clients(ConfidentialRegistration.NONE).methods()).containsExactly(Method.NONE);
  }

  @Test
  void clients_with_secrets_are_unknown_where_none_may_have_one_any_more() {
    var mine = registered(web());
    var off = clients(ConfidentialRegistration.NONE);
    assertThat(done(off.find(mine.getString("client_id")))).isEmpty();
    server = start(ConfidentialRegistration.NONE);
    var path = "/oauth/register/" + mine.getString("client_id");
    var bearer = "Bearer " + mine.getString("registration_access_token");
    assertThat(send("GET", path, new JsonObject(), bearer).statusCode()).isEqualTo(401);
  }

  @Nested
  class A_known_redirect_uri {
    @Test
    void gets_a_secret_although_it_asked_for_none() {
      var answer = registered(metadata("none", FORCED, CALLBACK));
      assertThat(answer.getString("token_endpoint_auth_method")).isEqualTo("client_secret_post");
      assertThat(answer.getString("client_secret")).hasSize(43);
    }

    @Test
    void is_compared_as_a_whole() {
      assertThat(registered(metadata("none", FORCED + "/")).containsKey("client_secret")).isFalse();
    }

    @Test
    void keeps_the_method_that_it_asked_for() {
      assertThat(
              registered(metadata("client_secret_basic", FORCED))
                  .getString("token_endpoint_auth_method"))
          .isEqualTo("client_secret_basic");
    }

    @Test
    void must_not_stand_beside_one_that_is_no_web_server() {
      assertThat(register(metadata("none", FORCED, "http://localhost/cb")).body())
          .contains("invalid_redirect_uri", "redirect URI http://localhost/cb must be https");
    }
  }

  /** RFC 7592. */
  @Nested
  class A_record {
    private final JsonObject mine = registered(web());
    private final String path = "/oauth/register/" + mine.getString("client_id");
    private final String bearer = "Bearer " + mine.getString("registration_access_token");

    private JsonObject changed(String method, String... uris) {
      return metadata(method, uris).put("client_id", mine.getString("client_id"));
    }

    private HttpResponse<String> put(JsonObject metadata) {
      return send("PUT", path, metadata, bearer);
    }

    @Test
    void is_read_without_its_secret() {
      var read = new JsonObject(send("GET", path, new JsonObject(), bearer).body());
      mine.remove("client_secret");
      mine.remove("client_secret_expires_at");
      assertThat(read).isEqualTo(mine);
    }

    @Test
    void is_not_read_by_its_secret() {
      var secret = "Bearer " + mine.getString("client_secret");
      assertThat(send("GET", path, new JsonObject(), secret).statusCode()).isEqualTo(401);
    }

    @Test
    void keeps_its_secret_through_a_change() {
      assertThat(put(changed("client_secret_post", CALLBACK)).statusCode()).isEqualTo(200);
      assertThat(client(mine).authentication().method()).isEqualTo(Method.CLIENT_SECRET_POST);
      assertThat(client(mine).authentication().secretHashes())
          .containsExactly(Digest.of(mine.getString("client_secret")));
    }

    @Test
    void is_changed_by_a_request_that_holds_its_secret() {
      var change = changed("client_secret_basic", CALLBACK);
      change.put("client_secret", mine.getString("client_secret"));
      assertThat(put(change).statusCode()).isEqualTo(200);
    }

    @Test
    void is_not_changed_by_a_request_that_holds_another_secret() {
      var change = changed("client_secret_basic", CALLBACK).put("client_secret", "x".repeat(43));
      assertThat(put(change).body()).contains("client_secret is not that of this client");
    }

    @Test
    void does_not_lose_its_secret_by_a_change() {
      assertThat(put(changed("none", CALLBACK)).body()).contains("register anew to have none");
    }

    @Test
    void that_is_deleted_is_gone_with_its_secret() {
      assertThat(send("DELETE", path, new JsonObject(), bearer).statusCode()).isEqualTo(204);
      assertThat(done(clients(on).find(mine.getString("client_id")))).isEmpty();
    }
  }
}
