package dev.keyturn.grant;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.REDIRECT_URI;
import static dev.keyturn.given.GivenSessions.VERIFIER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.AllClients;
import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.Clients;
import dev.keyturn.client.PreRegisteredClients;
import dev.keyturn.crypto.Digest;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.AuthorizationCode;
import dev.keyturn.token.Lifespans;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 6749, section 2.3, at the token endpoint. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfidentialClientTest {
  private static final String PATH = "/tenant/oauth/token";
  private static final String SECRET = "100%+sure/of:these 32 characters";
  private static final Client BASIC = client(CLIENT, Authentication.Method.CLIENT_SECRET_BASIC);
  private static final Client POST = client(CLIENT, Authentication.Method.CLIENT_SECRET_POST);
  private static final Client PUBLIC = client(CLIENT, Authentication.Method.NONE);
  private static final Client OTHER =
      client("https://other.example/id", Authentication.Method.CLIENT_SECRET_BASIC);

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 1000), clock, Lifespans.DEFAULT);
  private volatile Clients clients = new PreRegisteredClients(List.of(BASIC, OTHER));
  private final GivenServer server =
      GivenServer.with(
          ISSUER,
          List.of(
              new TokenEndpoint(
                  ISSUER,
                  id -> clients.find(id),
                  List.of(
                      new AuthorizationCodeGrant(
                          given.codes, given.tokens, given.sessions, given.audit),
                      new RefreshTokenGrant(given.tokens)))));
  private final String code =
      done(given.codes.issue(GivenSessions.code(given.authorization("openid mcp:read"))));

  @AfterEach
  void stop() {
    server.close();
  }

  private static Client client(String id, Authentication.Method method) {
    return new Client(
        id,
        Client.Kind.PRE_REGISTERED,
        new ClientName(""),
        List.of(),
        Set.of("authorization_code", "refresh_token"),
        Optional.empty(),
        List.of(),
        method == Authentication.Method.NONE
            ? Authentication.PUBLIC
            : new Authentication(method, List.of(Digest.of(SECRET)), true));
  }

  private void only(Client... known) {
    clients = new PreRegisteredClients(List.of(known));
  }

  private static String basic(String id, String secret) {
    var pair = (id + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private HttpRequest.Builder request(Map<String, String> parameters, String... more) {
    var form = new TreeMap<>(parameters);
    for (var pair : more) {
      form.put(pair.split("=", 2)[0], pair.split("=", 2)[1]);
    }
    var body =
        form.entrySet().stream()
            .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
    return server
        .request("POST", PATH, body)
        .header("Content-Type", "application/x-www-form-urlencoded");
  }

  private HttpRequest.Builder redeem(String... more) {
    return request(
        Map.of(
            "grant_type",
            "authorization_code",
            "code",
            code,
            "code_verifier",
            VERIFIER,
            "redirect_uri",
            REDIRECT_URI),
        more);
  }

  private HttpRequest.Builder refresh(String token, String... more) {
    return request(Map.of("grant_type", "refresh_token", "refresh_token", token), more);
  }

  private JsonObject granted(HttpRequest.Builder request) {
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private HttpResponse<String> refused(HttpRequest.Builder request, int status, String error) {
    var response = server.send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
    assertThat(response.body()).doesNotContain(SECRET);
    return response;
  }

  private static Optional<String> challenge(HttpResponse<String> response) {
    return response.headers().firstValue("WWW-Authenticate");
  }

  @Nested
  class By_basic {
    private HttpRequest.Builder with(String authorization, String... more) {
      return redeem(more).header("Authorization", authorization);
    }

    @Test
    void a_client_is_given_tokens_for_its_code() {
      granted(with(basic(CLIENT, encoded(SECRET))));
    }

    @Test
    void a_client_is_given_tokens_for_its_refresh_token() {
      var authorization = basic(CLIENT, encoded(SECRET));
      var token = granted(with(authorization)).getString("refresh_token");
      granted(refresh(token).header("Authorization", authorization));
    }

    @Test
    void a_secret_may_come_raw() {
      granted(with(basic(CLIENT, SECRET)));
    }

    @Test
    void a_secret_may_come_with_blanks_as_percent_20() {
      granted(with(basic(CLIENT, encoded(SECRET).replace("+", "%20"))));
    }

    @Test
    void an_id_with_a_colon_comes_encoded() {
      refused(with(basic(encoded(OTHER.id()), encoded(SECRET))), 400, "invalid_grant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"basic ", "BASIC ", "Basic   "})
    void the_scheme_may_be_spelled(String scheme) {
      granted(with(basic(CLIENT, SECRET).replace("Basic ", scheme)));
    }

    @Test
    void a_client_may_name_itself_in_the_form_too() {
      granted(with(basic(CLIENT, SECRET), "client_id=" + CLIENT));
    }

    @Test
    void a_client_must_not_name_another_in_the_form() {
      refused(with(basic(CLIENT, SECRET), "client_id=other"), 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wrong", "100%+sure/of:these 32 character", "100%25%2Bsure"})
    void a_wrong_secret_is_challenged(String secret) {
      var response = refused(with(basic(CLIENT, secret)), 401, "invalid_client");
      assertThat(challenge(response)).contains("Basic realm=\"token\"");
    }

    @Test
    void an_unknown_client_is_challenged() {
      var response = refused(with(basic("nobody", SECRET)), 401, "invalid_client");
      assertThat(challenge(response)).contains("Basic realm=\"token\"");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "Basic",
          "Basic !!!!",
          "Basic Og==",
          "Basic /////w==",
          "Basic dGhlLWNsaWVudA==",
          "Bearer x",
          "x"
        })
    void what_is_no_id_and_secret_is_challenged(String authorization) {
      var response = refused(with(authorization), 401, "invalid_client");
      assertThat(challenge(response)).contains("Basic realm=\"token\"");
    }

    @Test
    void two_headers_are_refused() {
      var twice = with(basic(CLIENT, SECRET)).header("Authorization", basic(CLIENT, SECRET));
      refused(twice, 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_secret", "client_assertion"})
    void a_second_method_is_refused(String parameter) {
      refused(with(basic(CLIENT, SECRET), parameter + "=" + SECRET), 400, "invalid_request");
    }

    @Test
    void a_client_that_posts_its_secret_does_not_pass() {
      only(POST);
      refused(with(basic(CLIENT, SECRET)), 401, "invalid_client");
    }

    @Test
    void a_public_client_does_not_pass() {
      only(PUBLIC);
      refused(with(basic(CLIENT, SECRET)), 401, "invalid_client");
    }

    @Test
    void a_wrong_secret_does_not_spend_the_code() {
      refused(with(basic(CLIENT, "wrong")), 401, "invalid_client");
      granted(with(basic(CLIENT, SECRET)));
    }
  }

  @Nested
  class By_post {
    private HttpRequest.Builder with(String... more) {
      only(POST);
      return redeem(more);
    }

    @Test
    void a_client_is_given_tokens() {
      granted(with("client_id=" + CLIENT, "client_secret=" + SECRET));
    }

    @Test
    void a_wrong_secret_is_refused_without_a_challenge() {
      var response =
          refused(with("client_id=" + CLIENT, "client_secret=wrong"), 401, "invalid_client");
      assertThat(challenge(response)).isEmpty();
    }

    @Test
    void the_hash_of_the_secret_is_not_the_secret() {
      refused(
          with("client_id=" + CLIENT, "client_secret=" + Digest.of(SECRET)), 401, "invalid_client");
    }

    @Test
    void a_secret_without_an_id_is_refused() {
      refused(with("client_secret=" + SECRET), 400, "invalid_request");
    }

    @Test
    void no_secret_is_refused() {
      refused(with("client_id=" + CLIENT), 401, "invalid_client");
    }

    @Test
    void a_second_method_is_refused() {
      refused(
          with("client_id=" + CLIENT, "client_secret=" + SECRET, "client_assertion=x"),
          400,
          "invalid_request");
    }

    @Test
    void a_client_of_basic_does_not_pass() {
      refused(redeem("client_id=" + CLIENT, "client_secret=" + SECRET), 401, "invalid_client");
    }
  }

  /** OAuth 2.1, section 4.1.3. */
  @Nested
  class Without_a_challenge {
    private final String secret = basic(CLIENT, encoded(SECRET));

    private String issue(AuthorizationCode content) {
      return done(given.codes.issue(content));
    }

    private String bare() {
      return issue(GivenSessions.codeWithoutChallenge(given.authorization("openid mcp:read")));
    }

    private String committed() {
      return issue(GivenSessions.code(given.authorization("openid mcp:read")));
    }

    private HttpRequest.Builder trade(String issued, String... more) {
      only(
          new Client(
              CLIENT,
              Client.Kind.PRE_REGISTERED,
              new ClientName(""),
              List.of(),
              BASIC.grantTypes(),
              Optional.empty(),
              List.of(),
              new Authentication(
                  Authentication.Method.CLIENT_SECRET_BASIC, List.of(Digest.of(SECRET)), false)));
      return request(Map.of("grant_type", "authorization_code", "code", issued), more)
          .header("Authorization", secret);
    }

    @Test
    void a_code_is_redeemed_without_a_verifier() {
      granted(trade(bare()));
    }

    @Test
    void a_code_is_not_redeemed_with_a_verifier() {
      refused(trade(bare(), "code_verifier=" + VERIFIER), 400, "invalid_grant");
    }

    @Test
    void the_id_token_has_the_nonce() throws Exception {
      var id = granted(trade(bare())).getString("id_token");
      assertThat(GivenSessions.claims(id).getStringClaim("nonce")).isEqualTo("the-nonce");
    }

    @Test
    void a_challenge_that_was_sent_is_enforced() {
      refused(trade(committed()), 400, "invalid_grant");
      refused(trade(committed(), "code_verifier=" + "w".repeat(43)), 400, "invalid_grant");
      granted(trade(committed(), "code_verifier=" + VERIFIER));
    }

    @Test
    void a_code_is_redeemed_once_and_the_replay_ends_its_session() {
      var issued = bare();
      var token = granted(trade(issued)).getString("refresh_token");
      refused(trade(issued), 400, "invalid_grant");
      refused(refresh(token).header("Authorization", secret), 400, "invalid_grant");
    }

    @Test
    void a_client_that_needs_pkce_now_redeems_none() {
      var issued = bare();
      only(BASIC);
      var bareRequest =
          request(Map.of("grant_type", "authorization_code", "code", issued))
              .header("Authorization", secret);
      refused(bareRequest, 400, "invalid_request");
    }
  }

  @Nested
  class Live {
    private final String authorization = basic(CLIENT, encoded(SECRET));
    private final String token =
        granted(redeem().header("Authorization", authorization)).getString("refresh_token");

    @Test
    void the_sessions_of_a_client_that_is_removed_are_not_refreshed() {
      only(OTHER);
      refused(refresh(token).header("Authorization", authorization), 401, "invalid_client");
    }

    @Test
    void a_secret_that_was_changed_does_not_count_any_more() {
      only(changed());
      refused(refresh(token).header("Authorization", authorization), 401, "invalid_client");
    }

    @Test
    void a_changed_secret_counts_for_the_sessions_that_there_are() {
      only(changed());
      granted(refresh(token).header("Authorization", basic(CLIENT, "new".repeat(11))));
    }

    @Test
    void while_a_secret_follows_another_both_count() {
      only(having("new".repeat(11), SECRET));
      granted(refresh(token).header("Authorization", authorization));
    }

    @Test
    void a_secret_that_is_no_longer_listed_does_not_count_whatever_came_before() {
      only(having("new".repeat(11), SECRET));
      only(changed());
      refused(refresh(token).header("Authorization", authorization), 401, "invalid_client");
    }

    private Client changed() {
      return having("new".repeat(11));
    }

    private Client having(String... secrets) {
      var hashes = Stream.of(secrets).map(Digest::of).toList();
      return new Client(
          CLIENT,
          Client.Kind.PRE_REGISTERED,
          new ClientName(""),
          List.of(),
          BASIC.grantTypes(),
          Optional.empty(),
          List.of(),
          new Authentication(Authentication.Method.CLIENT_SECRET_BASIC, hashes, true));
    }
  }

  @Nested
  class The_metadata {
    private Object methods(Clients... kinds) {
      return new TokenEndpoint(ISSUER, new AllClients(List.of(kinds)), List.of())
          .metadata()
          .get("token_endpoint_auth_methods_supported");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "NONE|none",
          "CLIENT_SECRET_BASIC|client_secret_basic",
          "CLIENT_SECRET_POST NONE|none client_secret_post",
          "CLIENT_SECRET_POST CLIENT_SECRET_BASIC|client_secret_basic client_secret_post",
        })
    void names_what_the_clients_use(String used, String named) {
      var all =
          Arrays.stream(used.split(" "))
              .map(method -> client(method, Authentication.Method.valueOf(method)))
              .toList();
      assertThat(methods(new PreRegisteredClients(all))).isEqualTo(List.of(named.split(" ")));
    }

    @Test
    void names_none_where_strangers_may_register() {
      Clients strangers = id -> Future.succeededFuture(Optional.empty());
      assertThat(methods(new PreRegisteredClients(List.of(BASIC)), strangers))
          .isEqualTo(List.of("none", "client_secret_basic"));
    }

    @Test
    void names_none_where_there_is_no_client() {
      assertThat(methods(new PreRegisteredClients(List.of()))).isEqualTo(List.of("none"));
    }
  }
}
