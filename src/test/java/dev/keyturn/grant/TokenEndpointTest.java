package dev.keyturn.grant;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.OTHER_RESOURCE;
import static dev.keyturn.given.GivenSessions.REDIRECT_URI;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static dev.keyturn.given.GivenSessions.VERIFIER;
import static dev.keyturn.given.GivenSessions.claims;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientAssertions;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.Clients;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenEndpointTest {
  private static final String PATH = "/tenant/oauth/token";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final Set<String> BOTH = Set.of("authorization_code", "refresh_token");

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 1000), clock, Lifespans.DEFAULT);
  private final KnownClients clients = new KnownClients();
  private final GivenServer server =
      GivenServer.with(
          ISSUER,
          List.of(
              new TokenEndpoint(
                  ISSUER,
                  clients,
                  List.of(
                      new AuthorizationCodeGrant(
                          given.codes, given.tokens, given.sessions, given.audit),
                      new RefreshTokenGrant(given.tokens)))));
  private Authorization authorization = given.authorization("openid mcp:read mcp:write");

  @AfterEach
  void stop() {
    server.close();
  }

  /** Three clients: one that may do all, one that may not refresh, and a stranger to both. */
  private static final class KnownClients implements Clients {
    private final List<String> kept = new CopyOnWriteArrayList<>();
    private volatile boolean keeps = true;

    @Override
    public Future<Optional<Client>> find(String id) {
      return Future.succeededFuture(
          switch (id) {
            case CLIENT, "another" -> Optional.of(client(id, BOTH));
            case "once" -> Optional.of(client(id, Set.of("authorization_code")));
            default -> Optional.<Client>empty();
          });
    }

    @Override
    public Future<Void> keep(String id) {
      kept.add(id);
      return keeps
          ? Future.succeededFuture()
          : Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(1)));
    }

    private static Client client(String id, Set<String> grants) {
      return new Client(
          id,
          Client.Kind.REGISTERED,
          new ClientName(""),
          List.of(),
          grants,
          Optional.empty(),
          List.of());
    }
  }

  private String code() {
    return done(given.codes.issue(GivenSessions.code(authorization)));
  }

  private Map<String, String> codeRequest(String code) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("grant_type", "authorization_code");
    parameters.put("code", code);
    parameters.put("code_verifier", VERIFIER);
    parameters.put("redirect_uri", REDIRECT_URI);
    parameters.put("resource", RESOURCE);
    parameters.put("client_id", authorization.clientId());
    return parameters;
  }

  private static Map<String, String> refreshRequest(String token) {
    var parameters = new LinkedHashMap<String, String>();
    parameters.put("grant_type", "refresh_token");
    parameters.put("refresh_token", token);
    parameters.put("client_id", CLIENT);
    return parameters;
  }

  private static Map<String, String> with(
      Map<String, String> parameters, String name, String value) {
    var other = new LinkedHashMap<>(parameters);
    other.put(name, value);
    return other;
  }

  private static Map<String, String> without(Map<String, String> parameters, String name) {
    var other = new LinkedHashMap<>(parameters);
    other.remove(name);
    return other;
  }

  private static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(
            entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
        .collect(Collectors.joining("&"));
  }

  private HttpResponse<String> post(String body) {
    return server.send(server.request("POST", PATH, body).header("Content-Type", FORM));
  }

  private HttpResponse<String> post(Map<String, String> parameters) {
    return post(form(parameters));
  }

  private JsonObject granted(Map<String, String> parameters) {
    var response = post(parameters);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private void refuses(Map<String, String> parameters, int status, String error) {
    refuses(post(parameters), status, error);
  }

  private static void refuses(HttpResponse<String> response, int status, String error) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
  }

  private static String header(HttpResponse<String> response, String name) {
    return String.join("; ", response.headers().allValues(name));
  }

  @Nested
  class The_form {
    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "text/plain", ""})
    void of_another_type_is_415(String type) {
      var request = server.request("POST", PATH, form(codeRequest(code())));
      if (!type.isEmpty()) {
        request.header("Content-Type", type);
      }
      refuses(server.send(request), 415, "invalid_request");
    }

    @Test
    void may_say_its_charset() {
      var request = server.request("POST", PATH, form(codeRequest(code())));
      request.header("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
      assertThat(server.send(request).statusCode()).isEqualTo(200);
    }

    @Test
    void of_more_than_64_kib_is_413() {
      refuses(post("a=" + "b".repeat(64 * 1024)), 413, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"grant_type", "code", "code_verifier", "client_id", "unknown"})
    void with_a_repeated_parameter_is_refused(String name) {
      var body = form(codeRequest(code())) + "&" + name + "=x&" + name + "=y";
      refuses(post(body), 400, "invalid_request");
    }

    @Test
    void that_is_empty_is_refused() {
      refuses(post(""), 400, "invalid_request");
    }

    @Test
    void is_not_the_query() {
      var request =
          server
              .request("POST", PATH + "?" + form(codeRequest(code())), "")
              .header("Content-Type", FORM);
      refuses(server.send(request), 400, "invalid_request");
    }
  }

  @Nested
  class The_grant_type {
    @ParameterizedTest
    @ValueSource(strings = {"password", "client_credentials", "implicit", "AUTHORIZATION_CODE"})
    void that_is_unknown_is_not_supported(String type) {
      refuses(with(codeRequest(code()), "grant_type", type), 400, "unsupported_grant_type");
    }

    @Test
    void that_is_missing_is_an_invalid_request() {
      refuses(without(codeRequest(code()), "grant_type"), 400, "invalid_request");
    }

    @Test
    void that_the_client_has_not_registered_is_unauthorized() {
      refuses(with(refreshRequest("x"), "client_id", "once"), 400, "unauthorized_client");
    }
  }

  @Nested
  class The_client {
    @Test
    void that_is_unknown_is_401() {
      var response = post(with(codeRequest(code()), "client_id", "nobody"));
      refuses(response, 401, "invalid_client");
      assertThat(response.headers().firstValue("WWW-Authenticate")).isEmpty();
    }

    @Test
    void that_is_not_named_is_an_invalid_request() {
      refuses(without(codeRequest(code()), "client_id"), 400, "invalid_request");
    }

    @Test
    void that_is_public_sends_no_secret() {
      refuses(with(codeRequest(code()), "client_secret", "s"), 401, "invalid_client");
    }

    @Test
    void that_is_public_sends_no_assertion() {
      refuses(with(codeRequest(code()), "client_assertion", "s"), 401, "invalid_client");
    }

    @Test
    void may_leave_its_secret_empty() {
      granted(with(codeRequest(code()), "client_secret", ""));
    }

    @Test
    void that_sends_an_authorization_header_is_told_the_scheme() {
      var request =
          server
              .request("POST", PATH, form(codeRequest(code())))
              .header("Content-Type", FORM)
              .header("Authorization", "Basic dGhlLWNsaWVudDpz");
      var response = server.send(request);
      refuses(response, 401, "invalid_client");
      assertThat(header(response, "WWW-Authenticate")).isEqualTo("Basic realm=\"token\"");
    }

    @Test
    void is_kept_once_it_was_given_tokens() {
      granted(codeRequest(code()));
      assertThat(clients.kept).containsExactly(CLIENT);
    }

    @Test
    void is_not_kept_for_a_refusal() {
      refuses(codeRequest("nonsense"), 400, "invalid_grant");
      assertThat(clients.kept).isEmpty();
    }

    @Test
    void is_given_its_tokens_although_it_could_not_be_kept() {
      clients.keeps = false;
      assertThat(granted(codeRequest(code())).getString("access_token")).isNotEmpty();
    }
  }

  @Nested
  class The_answer {
    @Test
    void is_neither_stored_nor_read_by_other_than_scripts() {
      var response = post(codeRequest(code()));
      assertThat(header(response, "Cache-Control")).isEqualTo("no-store");
      assertThat(header(response, "Pragma")).isEqualTo("no-cache");
      assertThat(header(response, "Content-Type")).isEqualTo("application/json");
      assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo("*");
      assertThat(header(response, "X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void is_not_stored_when_it_is_a_refusal_either() {
      assertThat(header(post(""), "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void is_complete() {
      assertThat(granted(codeRequest(code())).fieldNames())
          .containsExactlyInAnyOrder(
              "access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token");
    }

    @Test
    void says_what_the_token_is_good_for() {
      var answer = granted(codeRequest(code()));
      assertThat(answer.getString("token_type")).isEqualTo("Bearer");
      assertThat(answer.getValue("expires_in")).isEqualTo(3600);
      assertThat(answer.getString("scope")).isEqualTo("openid mcp:read mcp:write");
    }

    @Test
    void holds_no_null() {
      authorization = given.authorization("mcp:read");
      // Not just the four letters, which may stand in a token.
      assertThat(post(codeRequest(code())).body()).doesNotContainPattern(":\\s*null");
    }

    @Test
    void to_get_is_405_with_what_is_allowed() {
      var response = server.send(server.request("GET", PATH, ""));
      assertThat(response.statusCode()).isEqualTo(405);
      assertThat(header(response, "Allow")).isEqualTo("OPTIONS, POST");
    }

    @Test
    void to_a_preflight_lets_any_origin_post() {
      var response =
          server.send(
              server
                  .request("OPTIONS", PATH, "")
                  .header("Origin", "http://localhost:6274")
                  .header("Access-Control-Request-Method", "POST"));
      assertThat(response.statusCode()).isEqualTo(204);
      assertThat(header(response, "Access-Control-Allow-Methods")).contains("POST");
      assertThat(header(response, "Access-Control-Allow-Headers"))
          .contains("Authorization", "Content-Type", "MCP-Protocol-Version");
    }
  }

  @Nested
  class A_code {
    @Test
    void is_redeemed_without_the_redirect_uri_as_oauth_2_1_does() {
      granted(without(codeRequest(code()), "redirect_uri"));
    }

    @Test
    void that_is_redeemed_is_told_to_the_audit() {
      granted(codeRequest(code()));
      assertThat(given.told).containsExactly("code.redeemed");
    }

    @Test
    void is_redeemed_once() {
      var request = codeRequest(code());
      granted(request);
      refuses(request, 400, "invalid_grant");
    }

    @Test
    void ends_its_session_when_it_is_replayed_with_the_right_proof() {
      var request = codeRequest(code());
      var tokens = granted(request);
      refuses(request, 400, "invalid_grant");
      assertThat(given.told).endsWith("code.replayed");
      refuses(refreshRequest(tokens.getString("refresh_token")), 400, "invalid_grant");
    }

    @Test
    void does_not_end_its_session_when_it_is_replayed_with_a_wrong_verifier() {
      var request = codeRequest(code());
      var tokens = granted(request);
      refuses(with(request, "code_verifier", "w".repeat(43)), 400, "invalid_grant");
      granted(refreshRequest(tokens.getString("refresh_token")));
    }

    @Test
    void does_not_end_its_session_when_another_client_replays_it() {
      var request = codeRequest(code());
      var tokens = granted(request);
      refuses(with(request, "client_id", "another"), 400, "invalid_grant");
      granted(refreshRequest(tokens.getString("refresh_token")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "ktc_x"})
    void that_is_nonsense_is_refused(String code) {
      refuses(
          with(codeRequest(code()), "code", code),
          400,
          code.isEmpty() ? "invalid_request" : "invalid_grant");
    }

    @Test
    void that_has_expired_is_refused() {
      var code = code();
      clock.forward(Lifespans.DEFAULT.code());
      refuses(codeRequest(code), 400, "invalid_grant");
    }

    @Test
    void needs_a_verifier() {
      refuses(without(codeRequest(code()), "code_verifier"), 400, "invalid_request");
    }

    @Test
    void is_not_spent_by_a_wrong_verifier() {
      var request = codeRequest(code());
      refuses(with(request, "code_verifier", "w".repeat(43)), 400, "invalid_grant");
      granted(request);
    }

    @Test
    void is_not_spent_by_another_client() {
      var request = codeRequest(code());
      refuses(with(request, "client_id", "another"), 400, "invalid_grant");
      granted(request);
    }

    @Test
    void is_not_spent_by_another_redirect_uri() {
      var request = codeRequest(code());
      refuses(with(request, "redirect_uri", REDIRECT_URI + "/"), 400, "invalid_grant");
      granted(request);
    }

    @Test
    void is_not_spent_by_a_foreign_resource() {
      var request = codeRequest(code());
      refuses(with(request, "resource", "https://evil.example/mcp"), 400, "invalid_target");
      granted(request);
    }

    @Test
    void gives_no_refresh_token_to_a_client_that_may_not_refresh() {
      var whole = authorization;
      authorization =
          new Authorization(
              whole.sessionId(),
              "once",
              whole.subject(),
              whole.scopes(),
              whole.resources(),
              whole.accounts(),
              whole.person());
      assertThat(granted(codeRequest(code())).fieldNames()).doesNotContain("refresh_token");
    }

    @Test
    void brings_its_nonce_into_the_id_token() throws Exception {
      var id = granted(codeRequest(code())).getString("id_token");
      assertThat(claims(id).getStringClaim("nonce")).isEqualTo("the-nonce");
    }
  }

  @Nested
  class A_resource {
    private List<String> audience(Map<String, String> parameters) {
      return claims(granted(parameters).getString("access_token")).getAudience();
    }

    @Test
    void that_is_left_out_is_the_first() {
      assertThat(audience(without(codeRequest(code()), "resource"))).containsExactly(RESOURCE);
    }

    @Test
    void may_be_any_that_was_authorized() {
      assertThat(audience(with(codeRequest(code()), "resource", OTHER_RESOURCE)))
          .containsExactly(OTHER_RESOURCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTPS://MCP.EXAMPLE.COM/mcp", "https://mcp.example.com:443/mcp"})
    void in_another_spelling_gives_the_audience_of_the_configuration(String spelling) {
      assertThat(audience(with(codeRequest(code()), "resource", spelling)))
          .containsExactly(RESOURCE);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "https://mcp.example.com/MCP",
          "https://mcp.example.com/mcp/",
          "https://mcp.example.com/mcp#f",
          "https://mcp.example.com",
          "/mcp",
          "not a uri"
        })
    void that_was_not_authorized_is_refused(String resource) {
      refuses(with(codeRequest(code()), "resource", resource), 400, "invalid_target");
    }

    @Test
    void must_be_one() {
      var body = form(codeRequest(code())) + "&resource=https%3A%2F%2Fmcp.example.com%2Fother";
      refuses(post(body), 400, "invalid_target");
    }

    @Test
    void may_be_another_authorized_one_at_each_refresh() {
      var token = granted(codeRequest(code())).getString("refresh_token");
      assertThat(audience(with(refreshRequest(token), "resource", OTHER_RESOURCE)))
          .containsExactly(OTHER_RESOURCE);
    }
  }

  @Nested
  class A_refresh_token {
    private final String token = granted(codeRequest(code())).getString("refresh_token");

    @Test
    void is_traded_for_the_next() {
      var next = granted(refreshRequest(token)).getString("refresh_token");
      granted(refreshRequest(next));
    }

    @Test
    void is_needed() {
      refuses(without(refreshRequest(token), "refresh_token"), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ktr_x"})
    void that_is_nonsense_is_refused(String nonsense) {
      refuses(refreshRequest(nonsense), 400, "invalid_grant");
    }

    @Test
    void is_not_a_code() {
      refuses(refreshRequest(code()), 400, "invalid_grant");
    }

    @Test
    void of_another_client_is_refused_and_stays_good() {
      refuses(with(refreshRequest(token), "client_id", "another"), 400, "invalid_grant");
      granted(refreshRequest(token));
    }

    @Test
    void gives_no_wider_scope_and_stays_good() {
      refuses(with(refreshRequest(token), "scope", "mcp:read admin"), 400, "invalid_scope");
      granted(refreshRequest(token));
    }

    @Test
    void gives_no_foreign_resource_and_stays_good() {
      refuses(
          with(refreshRequest(token), "resource", "https://evil.example"), 400, "invalid_target");
      granted(refreshRequest(token));
    }

    @Test
    void gives_a_narrower_scope_to_the_access_token() throws Exception {
      var answer = granted(with(refreshRequest(token), "scope", "mcp:read"));
      assertThat(answer.getString("scope")).isEqualTo("mcp:read");
      assertThat(claims(answer.getString("access_token")).getStringClaim("scope"))
          .isEqualTo("mcp:read");
    }

    @Test
    void gives_the_full_scope_again_next_time() {
      var next = granted(with(refreshRequest(token), "scope", "mcp:read"));
      assertThat(granted(refreshRequest(next.getString("refresh_token"))).getString("scope"))
          .isEqualTo("openid mcp:read mcp:write");
    }

    @Test
    void gives_the_full_scope_when_only_blanks_are_asked_for() {
      assertThat(granted(with(refreshRequest(token), "scope", " ")).getString("scope"))
          .isEqualTo("openid mcp:read mcp:write");
    }
  }

  @Test
  void the_metadata_names_the_endpoint_and_its_grants() {
    var endpoint = new TokenEndpoint(ISSUER, clients, List.of(new RefreshTokenGrant(given.tokens)));
    assertThat(endpoint.metadata())
        .containsEntry("token_endpoint", ISSUER.url("/oauth/token"))
        .containsEntry("grant_types_supported", List.of("refresh_token"))
        .containsEntry("token_endpoint_auth_methods_supported", List.of("none"));
  }

  @Test
  void the_metadata_names_the_algorithms_where_a_client_signs() {
    assertThat(endpointOf(Authentication.Method.PRIVATE_KEY_JWT).metadata())
        .containsEntry(
            "token_endpoint_auth_signing_alg_values_supported", ClientAssertions.algorithms());
  }

  @Test
  void the_metadata_names_no_algorithm_where_no_client_signs() {
    assertThat(endpointOf(Authentication.Method.CLIENT_SECRET_BASIC).metadata())
        .doesNotContainKey("token_endpoint_auth_signing_alg_values_supported");
  }

  @Test
  void two_grants_of_one_type_are_refused() {
    var twice =
        List.<Grant>of(new RefreshTokenGrant(given.tokens), new RefreshTokenGrant(given.tokens));
    assertThatThrownBy(() -> new TokenEndpoint(ISSUER, clients, twice))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("there are two grants of type refresh_token");
  }

  private static TokenEndpoint endpointOf(Authentication.Method used) {
    var users =
        new Clients() {
          @Override
          public Future<Optional<Client>> find(String id) {
            return Future.succeededFuture(Optional.empty());
          }

          @Override
          public Set<Authentication.Method> methods() {
            return Set.of(used);
          }
        };
    return new TokenEndpoint(ISSUER, users, List.of());
  }
}
