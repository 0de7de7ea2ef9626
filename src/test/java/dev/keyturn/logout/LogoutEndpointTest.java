package dev.keyturn.logout;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.given.Form;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.Pages;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.IdTokenHints;
import dev.keyturn.token.Lifespans;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A logout of a client that is gone, or cannot be looked up. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class LogoutEndpointTest {
  private static final String UNAVAILABLE = "the store is away";

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final Vertx vertx = Vertx.vertx();
  private final String session;
  private final String idToken;
  private volatile Future<Optional<Client>> found = Future.succeededFuture(Optional.empty());
  private final GivenServer server = GivenServer.with(ISSUER, List.of(endpoint()));

  LogoutEndpointTest() {
    var authorization = given.authorization("openid");
    session = authorization.sessionId();
    idToken =
        done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true))
            .idToken()
            .orElseThrow();
  }

  private LogoutEndpoint endpoint() {
    var browser = new AnyBrowser();
    return new LogoutEndpoint(
        ISSUER,
        id -> found,
        new IdTokenHints(ISSUER, given.signatures, Duration.ofDays(1), clock),
        new Endings(new Users(store, clock), given.sessions, given.audit),
        browser,
        new LogoutPages(Pages.create(vertx, ISSUER), browser));
  }

  @AfterEach
  void stop() {
    server.close();
    done(vertx.close());
  }

  private HttpResponse<String> logOut(Form form) {
    return server.send(server.request("GET", "/tenant/oauth/logout?" + form.encoded(), ""));
  }

  private Form hinted() {
    return Form.of("id_token_hint", idToken);
  }

  private static Form to(Form form) {
    return form.and("post_logout_redirect_uri", "https://gone.example/out");
  }

  private boolean isLive() {
    return done(given.sessions.find(session)).isPresent();
  }

  @Test
  void the_session_of_a_client_that_is_gone_ends_and_nobody_is_led_anywhere() {
    var answer = logOut(to(hinted()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("You are logged out").doesNotContain("gone.example");
    assertThat(isLive()).isFalse();
  }

  @Test
  void without_an_id_token_of_ours_a_client_that_is_gone_leads_nobody_anywhere() {
    var answer = logOut(to(Form.of("client_id", CLIENT)));
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(isLive()).isTrue();
  }

  @Test
  void a_client_that_cannot_be_looked_up_now_is_not_taken_for_none() {
    found = Future.failedFuture(new UnavailableException(UNAVAILABLE, Duration.ofSeconds(1)));
    assertThat(logOut(Form.of("client_id", CLIENT)).statusCode()).isEqualTo(503);
  }

  @Test
  void nothing_ends_while_it_is_not_known_where_to_lead() {
    found = Future.failedFuture(new UnavailableException(UNAVAILABLE, Duration.ofSeconds(1)));
    assertThat(logOut(to(hinted())).statusCode()).isEqualTo(503);
    assertThat(isLive()).isTrue();
  }

  @Test
  void a_fault_is_not_taken_for_a_client_that_is_unknown() {
    found = Future.failedFuture(new IllegalStateException("a fault"));
    assertThat(logOut(Form.of("client_id", CLIENT)).statusCode()).isEqualTo(500);
  }
}
