package dev.keyturn.logout;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static dev.keyturn.oauth.ErrorCode.INVALID_REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.DelegatingStore;
import dev.keyturn.given.GivenServer;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.QuietUpstream;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Lifespans;
import dev.keyturn.upstream.LogoutNotice;
import dev.keyturn.upstream.ProviderSession;
import dev.keyturn.upstream.Upstream;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** OpenID Connect Back-Channel Logout, sections 2.5 to 2.8. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BackchannelLogoutEndpointTest {
  private static final String PROVIDER = "https://idp.example";
  private static final LoginPointers.Login LOGIN =
      new LoginPointers.Login("idp", PROVIDER, "login-1");
  private static final Upstream KNOWING = new Scripted(() -> Future.succeededFuture(notice()));
  private static final Upstream REFUSING =
      new Scripted(() -> Future.failedFuture(INVALID_REQUEST.because("logout_token is not good")));
  private static final Upstream AWAY =
      new Scripted(
          () -> Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(1))));

  private final SettableClock clock = new SettableClock();
  private final Store store = new Store(new MemoryStore(clock, 1000));
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final LoginPointers pointers = new LoginPointers(store, Lifespans.DEFAULT::session);
  private final String session = begun();
  private GivenServer server = served(KNOWING);

  private String begun() {
    var authorization = given.authorization("openid");
    done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true));
    return authorization.sessionId();
  }

  private static LogoutNotice notice() {
    return new LogoutNotice(
        PROVIDER,
        "jti-1",
        Optional.of(new ProviderSession(PROVIDER, "login-1")),
        Optional.empty(),
        Optional.empty());
  }

  private GivenServer served(Upstream... upstreams) {
    var endings = new Endings(new Users(store, clock), given.sessions, given.audit);
    return GivenServer.with(
        ISSUER,
        List.of(
            new BackchannelLogoutEndpoint(ISSUER, List.of(upstreams), endings, pointers, store)));
  }

  private void serve(Upstream... upstreams) {
    server.close();
    server = served(upstreams);
  }

  @BeforeEach
  void remember() {
    done(pointers.noteSession(LOGIN, session));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private HttpResponse<String> send() {
    return server.send(
        server
            .request("POST", "/tenant/oauth/backchannel-logout", "logout_token=x")
            .header("Content-Type", "application/x-www-form-urlencoded"));
  }

  private boolean isLive() {
    return done(given.sessions.find(session)).isPresent();
  }

  @Test
  void the_session_of_the_login_ends() {
    assertThat(send().statusCode()).isEqualTo(200);
    assertThat(isLive()).isFalse();
  }

  @Test
  void the_same_token_is_refused_afterwards() {
    send();
    var again = send();
    assertThat(again.statusCode()).isEqualTo(400);
    assertThat(again.body()).contains("used before");
  }

  @Test
  void of_two_that_come_at_once_the_second_is_told_that_it_is_done() {
    store.spentMeanwhile = true;
    assertThat(send().statusCode()).isEqualTo(200);
    assertThat(isLive()).isFalse();
  }

  @Test
  void what_the_store_did_not_take_may_be_sent_again() {
    store.away = true;
    assertThat(send().statusCode()).isEqualTo(503);
    store.away = false;
    assertThat(send().statusCode()).isEqualTo(200);
    assertThat(isLive()).isFalse();
  }

  @Test
  void a_login_that_nobody_knows_is_refused() {
    clock.forward(Lifespans.DEFAULT.session());
    var answer = send();
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("a login not known here");
  }

  @Test
  void a_token_of_a_login_that_was_not_known_is_not_spent() {
    clock.forward(Lifespans.DEFAULT.session());
    send();
    done(pointers.noteSession(LOGIN, session));
    assertThat(send().statusCode()).isEqualTo(200);
  }

  @Test
  void a_provider_that_cannot_tell_now_is_waited_for() {
    serve(AWAY, REFUSING);
    assertThat(send().statusCode()).isEqualTo(503);
    serve(REFUSING, AWAY);
    assertThat(send().statusCode()).isEqualTo(503);
    assertThat(isLive()).isTrue();
  }

  @Test
  void a_provider_that_cannot_tell_now_is_not_waited_for_if_another_one_can() {
    serve(AWAY, KNOWING);
    assertThat(send().statusCode()).isEqualTo(200);
  }

  @Test
  void nobody_sends_any_where_no_provider_gives_id_tokens() {
    serve(new Plain());
    var answer = send();
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("nobody sends any");
  }

  @Test
  void nobody_sends_any_where_there_is_no_provider() {
    serve();
    var answer = send();
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("nobody sends logout tokens here");
  }

  /** A store that does not take denials while it is away. */
  private static final class Store extends DelegatingStore {
    private volatile boolean away;
    private volatile boolean spentMeanwhile;

    Store(MemoryStore store) {
      super(store);
    }

    @Override
    protected <T> Future<T> call(String key, Supplier<Future<T>> operation) {
      return away && key.startsWith("deny")
          ? Future.failedFuture(new UnavailableException("away", Duration.ofSeconds(1)))
          : operation.get();
    }

    @Override
    public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
      return spentMeanwhile && key.startsWith("logout-token")
          ? Future.succeededFuture(false)
          : super.putIfAbsent(key, value, ttl);
    }
  }

  /** A provider without ID tokens. */
  private static class Plain implements QuietUpstream {
    @Override
    public String name() {
      return "idp";
    }
  }

  /** A provider that says what a test wants about any token. */
  private static final class Scripted extends Plain {
    private final Supplier<Future<LogoutNotice>> answer;

    Scripted(Supplier<Future<LogoutNotice>> answer) {
      this.answer = answer;
    }

    @Override
    public Future<LogoutNotice> loggedOut(String token) {
      return answer.get();
    }
  }
}
