package dev.keyturn.revocation;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication;
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
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.Revocations;
import dev.keyturn.token.TokenSet;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 7009, section 2. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RevocationEndpointTest {
  private static final String SECRET = "s".repeat(32);
  private static final String PORTAL = "portal";

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final RevocationEndpoint endpoint =
      new RevocationEndpoint(
          ISSUER,
          new ClientAuthentication(
              new PreRegisteredClients(
                  List.of(
                      client(CLIENT, Authentication.PUBLIC),
                      client("other", Authentication.PUBLIC),
                      client(
                          PORTAL,
                          new Authentication(
                              Authentication.Method.CLIENT_SECRET_POST,
                              List.of(Digest.of(SECRET)),
                              true))))),
          new Revocations(
              given.refreshTokens, given.verifier, given.sessions, given.denials, given.audit));
  private final GivenServer server = GivenServer.with(ISSUER, List.of(endpoint));
  private final TokenSet tokens =
      done(given.tokens.begin(given.authorization("a"), RESOURCE, Optional.empty(), true));
  private final String refreshToken = tokens.refreshToken().orElseThrow();

  @AfterEach
  void stop() {
    server.close();
  }

  private static Client client(String id, Authentication authentication) {
    return new Client(
        id,
        Client.Kind.PRE_REGISTERED,
        new ClientName(""),
        List.of(),
        Set.of("authorization_code", "refresh_token"),
        Optional.empty(),
        List.of(),
        authentication);
  }

  private HttpResponse<String> revoke(String... form) {
    return server.send(
        server
            .request("POST", "/tenant/oauth/revoke", Form.of(form).encoded())
            .header("Content-Type", "application/x-www-form-urlencoded"));
  }

  private boolean isLive() {
    return given.verifier.verify(tokens.accessToken()).succeeded();
  }

  private void isRefused(HttpResponse<String> response, int status, String error) {
    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(new JsonObject(response.body()).getString("error")).isEqualTo(error);
    assertThat(isLive()).isTrue();
  }

  @Test
  void a_refresh_token_ends_its_session() {
    assertThat(revoke("client_id", CLIENT, "token", refreshToken).statusCode()).isEqualTo(200);
    assertThat(isLive()).isFalse();
  }

  @Test
  void an_access_token_takes_itself_only() {
    assertThat(revoke("client_id", CLIENT, "token", tokens.accessToken()).statusCode())
        .isEqualTo(200);
    assertThat(isLive()).isFalse();
    done(given.tokens.refresh(refreshToken, GivenSessions::everything));
  }

  @ParameterizedTest
  @ValueSource(strings = {"access_token", "refresh_token", "something else"})
  void whatever_the_hint_says_the_token_is_found(String hint) {
    revoke("client_id", CLIENT, "token", refreshToken, "token_type_hint", hint);
    assertThat(failed(given.tokens.refresh(refreshToken, GivenSessions::everything)))
        .hasMessageStartingWith("invalid_grant");
  }

  @Test
  void a_refresh_token_of_another_client_stays_good_and_nothing_is_told() {
    var answer = revoke("client_id", "other", "token", refreshToken);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(isLive()).isTrue();
  }

  @Test
  void an_access_token_of_another_client_stays_good_and_nothing_is_told() {
    assertThat(revoke("client_id", "other", "token", tokens.accessToken()).statusCode())
        .isEqualTo(200);
    assertThat(isLive()).isTrue();
    assertThat(given.told).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"garbage", "ktr_garbage", "a.b.c", "eyJhbGciOiJub25lIn0.e30."})
  void what_is_no_token_of_ours_is_answered_alike(String token) {
    var answer = revoke("client_id", CLIENT, "token", token);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void it_may_be_asked_for_again() {
    revoke("client_id", CLIENT, "token", refreshToken);
    assertThat(revoke("client_id", CLIENT, "token", refreshToken).statusCode()).isEqualTo(200);
  }

  @Test
  void a_request_without_a_token_is_refused_by_name() {
    var answer = revoke("client_id", CLIENT);
    isRefused(answer, 400, "invalid_request");
    assertThat(answer.body()).contains("token is missing");
  }

  @Test
  void a_repeated_token_is_refused() {
    isRefused(
        revoke("client_id", CLIENT, "token", refreshToken, "token", refreshToken),
        400,
        "invalid_request");
  }

  @Test
  void an_unknown_client_is_refused() {
    isRefused(revoke("client_id", "nobody", "token", refreshToken), 401, "invalid_client");
  }

  @Test
  void nobody_is_refused() {
    isRefused(revoke("token", refreshToken), 400, "invalid_request");
  }

  @Test
  void a_client_that_has_a_secret_must_prove_itself() {
    isRefused(revoke("client_id", PORTAL, "token", refreshToken), 401, "invalid_client");
    isRefused(
        revoke("client_id", PORTAL, "client_secret", "wrong", "token", refreshToken),
        401,
        "invalid_client");
  }

  @Test
  void a_store_that_is_away_is_told_so_that_the_client_tries_again() {
    store.away(true);
    var answer = revoke("client_id", CLIENT, "token", refreshToken);
    store.away(false);
    assertThat(answer.headers().firstValue("Retry-After")).isPresent();
    isRefused(answer, 503, "temporarily_unavailable");
  }

  @Test
  void any_origin_may_ask() {
    var answer = revoke("client_id", CLIENT, "token", "x");
    assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
  }

  @Test
  void the_metadata_names_it_and_how_clients_authenticate() {
    assertThat(endpoint.metadata())
        .containsEntry("revocation_endpoint", ISSUER.url("/oauth/revoke"))
        .containsEntry(
            "revocation_endpoint_auth_methods_supported", List.of("none", "client_secret_post"));
  }
}
