package dev.keyturn.userinfo;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.OTHER_RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.TokenSet;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UserinfoEndpointTest {
  private static final String PATH = "/tenant/oauth/userinfo";

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final GivenServer server =
      GivenServer.with(
          ISSUER, List.of(new UserinfoEndpoint(ISSUER, given.verifier, given.sessions)));

  @AfterEach
  void stop() {
    server.close();
  }

  private TokenSet begin(Authorization authorization) {
    return done(given.tokens.begin(authorization, OTHER_RESOURCE, Optional.empty(), true));
  }

  private HttpResponse<String> ask(String method, String authorization) {
    var request = server.request(method, PATH, "");
    return server.send(
        authorization.isEmpty() ? request : request.header("Authorization", authorization));
  }

  private JsonObject told(String scopes) {
    var response = ask("GET", "Bearer " + begin(given.authorization(scopes)).accessToken());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return new JsonObject(response.body());
  }

  private static String challenge(HttpResponse<String> response) {
    return String.join("; ", response.headers().allValues("WWW-Authenticate"));
  }

  @Nested
  class It_tells {
    @Test
    void only_the_subject_for_openid_alone() {
      assertThat(told("openid")).isEqualTo(new JsonObject().put("sub", "alice"));
    }

    @Test
    void the_name_for_the_scope_profile() {
      assertThat(told("openid profile"))
          .isEqualTo(new JsonObject().put("sub", "alice").put("name", "Alice"));
    }

    @Test
    void the_address_for_the_scope_email() {
      assertThat(told("openid email"))
          .isEqualTo(
              new JsonObject()
                  .put("sub", "alice")
                  .put("email", "alice@example.com")
                  .put("email_verified", true));
    }

    @Test
    void nothing_that_is_not_known() {
      var whole = given.authorization("openid profile email");
      var silent =
          new Authorization.Person(
              Optional.empty(),
              Optional.empty(),
              false,
              Optional.empty(),
              Optional.empty(),
              List.of());
      var authorization =
          new Authorization(
              whole.sessionId(),
              whole.clientId(),
              whole.subject(),
              whole.scopes(),
              whole.resources(),
              whole.accounts(),
              silent);
      var response = ask("GET", "Bearer " + begin(authorization).accessToken());
      assertThat(response.body()).isEqualTo("{\"sub\":\"alice\"}");
    }

    @ParameterizedTest
    @CsvSource({"GET,Bearer", "POST,Bearer", "GET,bearer", "POST,BEARER"})
    void by_both_methods_whatever_the_case_of_the_scheme(String method, String scheme) {
      var token = begin(given.authorization("openid")).accessToken();
      assertThat(ask(method, scheme + " " + token).statusCode()).isEqualTo(200);
    }

    @Test
    void scripts_of_any_origin_and_no_cache() {
      var response = ask("GET", "Bearer " + begin(given.authorization("openid")).accessToken());
      assertThat(response.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
      assertThat(response.headers().firstValue("Cache-Control")).contains("no-store");
    }
  }

  @Nested
  class It_refuses {
    private void refuses(String authorization, int status, String challenge) {
      var response = ask("GET", authorization);
      assertThat(response.statusCode()).isEqualTo(status);
      assertThat(challenge(response)).isEqualTo(challenge);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void who_sends_no_token_without_an_error_code(String method) {
      var response = ask(method, "");
      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(challenge(response)).isEqualTo("Bearer");
      assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic YTpi", "Bearer", "Bearerx y", "DPoP x"})
    void another_scheme_as_if_there_were_no_token(String authorization) {
      refuses(authorization, 401, "Bearer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer x", "Bearer a.b.c", "Bearer  x y"})
    void nonsense(String authorization) {
      refuses(authorization, 401, "Bearer error=\"invalid_token\"");
    }

    @Test
    void a_token_that_has_expired() {
      var token = begin(given.authorization("openid")).accessToken();
      clock.forward(Duration.ofHours(1));
      refuses("Bearer " + token, 401, "Bearer error=\"invalid_token\"");
    }

    @Test
    void an_id_token() {
      var token = begin(given.authorization("openid")).idToken().orElseThrow();
      refuses("Bearer " + token, 401, "Bearer error=\"invalid_token\"");
    }

    @Test
    void a_refresh_token() {
      var token = begin(given.authorization("openid")).refreshToken().orElseThrow();
      refuses("Bearer " + token, 401, "Bearer error=\"invalid_token\"");
    }

    @Test
    void a_session_that_has_ended() {
      var authorization = given.authorization("openid");
      var token = begin(authorization).accessToken();
      done(given.sessions.end(authorization.sessionId()));
      refuses("Bearer " + token, 401, "Bearer error=\"invalid_token\"");
    }

    @Test
    void a_token_without_the_scope_openid() {
      var token = begin(given.authorization("profile email")).accessToken();
      refuses("Bearer " + token, 403, "Bearer error=\"insufficient_scope\", scope=\"openid\"");
    }

    @Test
    void with_the_code_in_the_body_too() {
      assertThat(new JsonObject(ask("GET", "Bearer x").body()).getString("error"))
          .isEqualTo("invalid_token");
    }

    @Test
    void to_tell_while_the_store_is_away() {
      var token = begin(given.authorization("openid")).accessToken();
      store.away(true);
      var response = ask("GET", "Bearer " + token);
      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(response.headers().firstValue("Retry-After")).isPresent();
    }

    @Test
    void a_query_parameter_as_a_token() {
      var token = begin(given.authorization("openid")).accessToken();
      var response = server.send(server.request("GET", PATH + "?access_token=" + token, ""));
      assertThat(response.statusCode()).isEqualTo(401);
    }
  }
}
