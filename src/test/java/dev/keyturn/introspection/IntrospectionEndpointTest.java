package dev.keyturn.introspection;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.OTHER_RESOURCE;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientAuthentication;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.PreRegisteredClients;
import dev.keyturn.crypto.Digest;
import dev.keyturn.given.Form;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Denials;
import dev.keyturn.token.JwtVerifier;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.Revocations;
import dev.keyturn.token.TokenSet;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7662, section 2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class IntrospectionEndpointTest {
  private static final String SECRET = "s".repeat(32);
  private static final Client OWNER = client(CLIENT, Client.Kind.PRE_REGISTERED, List.of());
  private static final Client SERVER =
      client("server", Client.Kind.PRE_REGISTERED, List.of("HTTPS://mcp.example.com:443/mcp"));
  private static final Client BYSTANDER =
      client("bystander", Client.Kind.PRE_REGISTERED, List.of(OTHER_RESOURCE));
  private static final Client STRANGER =
      client("stranger", Client.Kind.REGISTERED, List.of(RESOURCE));

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private volatile List<Client> clients = List.of(OWNER, SERVER, BYSTANDER, STRANGER);

  /** Another process, which has its own idea of what is denied. */
  private final Denials elsewhere = new Denials(store, Lifespans.DEFAULT::accessToken, clock);

  private final IntrospectionEndpoint endpoint =
      new IntrospectionEndpoint(
          ISSUER,
          new ClientAuthentication(id -> new PreRegisteredClients(clients).find(id)),
          Set.of(Method.CLIENT_SECRET_POST),
          JwtVerifier.askingTheStore(ISSUER, given.signatures, elsewhere, clock));
  private final GivenServer server = GivenServer.with(ISSUER, List.of(endpoint));
  private final TokenSet tokens =
      done(given.tokens.begin(given.authorization("a b"), RESOURCE, Optional.empty(), true));

  @AfterEach
  void stop() {
    server.close();
  }

  private static Client client(String id, Client.Kind kind, List<String> audiences) {
    return new Client(
        id,
        kind,
        new ClientName(""),
        List.of(),
        Set.of("authorization_code"),
        Optional.empty(),
        audiences,
        new Authentication(Method.CLIENT_SECRET_POST, List.of(Digest.of(SECRET)), true));
  }

  private HttpResponse<String> send(String... form) {
    return server.send(
        server
            .request("POST", "/tenant/oauth/introspect", Form.of(form).encoded())
            .header("Content-Type", "application/x-www-form-urlencoded"));
  }

  private JsonObject ask(Client who, String token) {
    var answer = send("client_id", who.id(), "client_secret", SECRET, "token", token);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private void isInactive(JsonObject answer) {
    assertThat(answer).isEqualTo(new JsonObject().put("active", false));
  }

  private void isRefused(HttpResponse<String> response, int status, String error) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
  }

  @Test
  void the_client_that_was_given_a_token_is_told_all_of_it() {
    var claims = GivenSessions.claims(tokens.accessToken());
    assertThat(ask(OWNER, tokens.accessToken()))
        .isEqualTo(
            new JsonObject()
                .put("active", true)
                .put("iss", ISSUER.value())
                .put("sub", "alice")
                .put("client_id", CLIENT)
                .put("token_type", "Bearer")
                .put("jti", claims.getJWTID())
                .put("sid", claims.getClaim("sid"))
                .put("iat", (int) clock.instant().getEpochSecond())
                .put("exp", (int) clock.instant().plus(Duration.ofHours(1)).getEpochSecond())
                .put("aud", RESOURCE)
                .put("scope", "a b"));
  }

  @Test
  void a_server_is_told_of_tokens_for_its_resource_however_that_is_spelled() {
    assertThat(ask(SERVER, tokens.accessToken()).getBoolean("active")).isTrue();
  }

  @Test
  void whoever_has_another_resource_is_told_nothing() {
    isInactive(ask(BYSTANDER, tokens.accessToken()));
  }

  @Test
  void a_refresh_token_is_nobodys_business() {
    isInactive(ask(OWNER, tokens.refreshToken().orElseThrow()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
  void what_is_no_token_of_ours_is_not_active(String token) {
    isInactive(ask(OWNER, token));
  }

  @Test
  void a_token_that_has_ended_is_not_active() {
    clock.forward(Duration.ofHours(1));
    isInactive(ask(OWNER, tokens.accessToken()));
  }

  @Test
  void a_token_that_another_process_revoked_is_not_active_at_once() {
    assertThat(ask(OWNER, tokens.accessToken()).getBoolean("active")).isTrue();
    done(
        new Revocations(
                given.refreshTokens, given.verifier, given.sessions, given.denials, given.audit)
            .revoke(tokens.accessToken()));
    isInactive(ask(OWNER, tokens.accessToken()));
  }

  @Test
  void nobody_is_told_anything_while_the_store_is_away() {
    ask(OWNER, tokens.accessToken());
    store.away(true);
    var answer = send("client_id", CLIENT, "client_secret", SECRET, "token", tokens.accessToken());
    isRefused(answer, 503, "temporarily_unavailable");
  }

  @Test
  void a_client_without_a_secret_is_refused() {
    clients =
        List.of(
            new Client(
                CLIENT,
                Client.Kind.PRE_REGISTERED,
                new ClientName(""),
                List.of(),
                Set.of("authorization_code"),
                Optional.empty(),
                List.of()));
    isRefused(send("client_id", CLIENT, "token", tokens.accessToken()), 401, "invalid_client");
  }

  @Test
  void a_client_that_registered_itself_is_refused_in_spite_of_its_secret() {
    isRefused(
        send("client_id", "stranger", "client_secret", SECRET, "token", tokens.accessToken()),
        401,
        "invalid_client");
  }

  @Test
  void a_wrong_secret_is_refused() {
    isRefused(
        send("client_id", CLIENT, "client_secret", "wrong", "token", tokens.accessToken()),
        401,
        "invalid_client");
  }

  @Test
  void a_request_without_a_token_is_refused_by_name() {
    var answer = send("client_id", CLIENT, "client_secret", SECRET);
    isRefused(answer, 400, "invalid_request");
    assertThat(answer.body()).contains("token is missing");
  }

  @Test
  void the_answer_is_not_stored_by_anybody() {
    var answer = send("client_id", CLIENT, "client_secret", SECRET, "token", tokens.accessToken());
    assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
  }

  @Test
  void the_metadata_names_it_and_how_clients_prove_themselves() {
    assertThat(endpoint.metadata())
        .containsEntry("introspection_endpoint", ISSUER.url("/oauth/introspect"))
        .containsEntry(
            "introspection_endpoint_auth_methods_supported", List.of("client_secret_post"));
  }
}
