package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static dev.keyturn.given.GivenSessions.VERIFIER;
import static dev.keyturn.given.GivenSessions.claims;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SessionTokensTest {
  private static final Duration GRACE = Lifespans.DEFAULT.grace();
  private static final Duration WINDOW = Lifespans.DEFAULT.replayWindow();
  private static final Duration MILLI = Duration.ofMillis(1);

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 1000));
  private GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private Authorization authorization = given.authorization("openid mcp:read");

  private TokenSet begin() {
    return done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true));
  }

  private Future<TokenSet> refresh(String token) {
    return given.tokens.refresh(token, GivenSessions::everything);
  }

  private String refreshed(String token) {
    return done(refresh(token)).refreshToken().orElseThrow();
  }

  private void refuses(String token) {
    assertThat(((OAuthException) failed(refresh(token))).error().code())
        .isEqualTo(ErrorCode.INVALID_GRANT);
  }

  private void has(Duration grace, Duration window) {
    var defaults = Lifespans.DEFAULT;
    given =
        new GivenSessions(
            store,
            clock,
            new Lifespans(
                defaults.accessToken(),
                defaults.refreshToken(),
                defaults.code(),
                defaults.session(),
                grace,
                window));
  }

  private void hasEnded() {
    var id = authorization.sessionId();
    assertThat(done(given.sessions.find(id))).isEmpty();
    assertThat(done(given.denials.isDeniedInStore(id))).isTrue();
  }

  private void lives() {
    assertThat(done(given.sessions.find(authorization.sessionId()))).isPresent();
    assertThat(done(given.denials.isDeniedInStore(authorization.sessionId()))).isFalse();
  }

  @Nested
  class The_current_token {
    private final String first = begin().refreshToken().orElseThrow();

    @Test
    void rotates() {
      assertThat(refreshed(first)).isNotEqualTo(first).startsWith("ktr_");
    }

    @Test
    void rotates_again_and_again() {
      var token = first;
      for (int i = 0; i < 50; i++) {
        token = refreshed(token);
        clock.forward(Duration.ofHours(2));
      }
      lives();
    }

    @Test
    void gives_an_access_token_of_its_own_each_time() {
      var one = done(refresh(first));
      var other = done(refresh(one.refreshToken().orElseThrow()));
      assertThat(claims(one.accessToken()).getJWTID())
          .isNotEqualTo(claims(other.accessToken()).getJWTID());
    }

    @Test
    void is_told_to_the_audit() {
      refreshed(first);
      assertThat(given.told).containsExactly("token.refreshed rotated");
    }

    @Test
    void is_good_just_before_it_expires() {
      clock.forward(Lifespans.DEFAULT.refreshToken().minus(MILLI));
      assertThat(refreshed(first)).isNotEmpty();
    }

    @Test
    void is_refused_when_it_has_expired() {
      clock.forward(Lifespans.DEFAULT.refreshToken());
      refuses(first);
    }

    @Test
    void is_refused_when_it_has_expired_although_access_tokens_live_longer() {
      var hour = Duration.ofHours(1);
      var day = Duration.ofDays(1);
      given = new GivenSessions(store, clock, new Lifespans(day, hour, hour, day, GRACE, WINDOW));
      authorization = given.authorization("mcp:read");
      var token = begin().refreshToken().orElseThrow();
      clock.forward(hour);
      refuses(token);
    }

    @Test
    void lives_anew_after_each_rotation() {
      clock.forward(Lifespans.DEFAULT.refreshToken().minus(MILLI));
      var second = refreshed(first);
      clock.forward(Lifespans.DEFAULT.refreshToken().minus(MILLI));
      assertThat(refreshed(second)).isNotEmpty();
    }
  }

  @Nested
  class The_previous_token {
    private final String first = begin().refreshToken().orElseThrow();

    @Test
    void has_the_same_successor_within_the_grace() {
      var second = refreshed(first);
      clock.forward(GRACE);
      assertThat(refreshed(first)).isEqualTo(second);
      assertThat(given.told).endsWith("token.refreshed repeated");
    }

    @Test
    void has_the_same_successor_after_the_grace_while_that_is_unused() {
      var second = refreshed(first);
      clock.forward(WINDOW);
      assertThat(refreshed(first)).isEqualTo(second);
      assertThat(given.told).endsWith("token.refreshed repeated_late");
    }

    @Test
    void has_a_successor_that_works() {
      refreshed(first);
      assertThat(refreshed(refreshed(first))).isNotEmpty();
      lives();
    }

    @Test
    void does_not_slide_its_grace() {
      has(GRACE, Duration.ZERO);
      var other = given.authorization("mcp:read");
      authorization = other;
      var token = begin().refreshToken().orElseThrow();
      refreshed(token);
      clock.forward(GRACE);
      refreshed(token);
      clock.forward(MILLI);
      refuses(token);
    }

    @Test
    void ends_the_session_after_the_window() {
      refreshed(first);
      clock.forward(WINDOW.plus(MILLI));
      refuses(first);
      hasEnded();
    }

    @Test
    void takes_the_access_tokens_with_it_when_it_ends_the_session() {
      refreshed(first);
      clock.forward(WINDOW);
      var access = done(refresh(first)).accessToken();
      done(given.verifier.verify(access));
      clock.forward(MILLI);
      refuses(first);
      assertThat(failed(given.verifier.verify(access)))
          .hasMessage("invalid_token: the session has ended");
    }

    @Test
    void ends_the_session_for_its_successor_too() {
      var second = refreshed(first);
      clock.forward(WINDOW.plus(MILLI));
      refuses(first);
      refuses(second);
    }

    @Test
    void is_told_to_the_audit_when_it_ends_the_session() {
      refreshed(first);
      clock.forward(WINDOW.plus(MILLI));
      refuses(first);
      assertThat(given.told).endsWith("token.refreshed reused");
    }
  }

  @Nested
  class An_older_token {
    @Test
    void ends_the_session_even_within_the_grace() {
      var first = begin().refreshToken().orElseThrow();
      var third = refreshed(refreshed(first));
      refuses(first);
      hasEnded();
      refuses(third);
    }
  }

  @Nested
  class Without_a_replay_window {
    @Test
    void the_previous_token_is_good_until_the_grace_is_over() {
      has(GRACE, Duration.ZERO);
      var first = begin().refreshToken().orElseThrow();
      var second = refreshed(first);
      clock.forward(GRACE);
      assertThat(refreshed(first)).isEqualTo(second);
    }

    @Test
    void the_previous_token_ends_the_session_after_the_grace() {
      has(GRACE, Duration.ZERO);
      var first = begin().refreshToken().orElseThrow();
      refreshed(first);
      clock.forward(GRACE.plus(MILLI));
      refuses(first);
      hasEnded();
    }
  }

  @Nested
  class Two_parallel_refreshes {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void both_succeed_with_the_same_successor(int seed) {
      var first = begin().refreshToken().orElseThrow();
      store.hold();
      var one = refresh(first);
      var other = refresh(first);
      store.shuffle(new Random(seed));
      assertThat(one.result().refreshToken()).isEqualTo(other.result().refreshToken());
      lives();
    }

    @Test
    void both_succeed_when_both_read_before_either_writes() {
      var first = begin().refreshToken().orElseThrow();
      store.hold();
      var one = refresh(first);
      var other = refresh(first);
      store.step(0);
      store.step(0);
      store.step(0);
      store.step(0);
      assertThat(store.waiting()).isEqualTo(2);
      store.shuffle(new Random(1));
      assertThat(one.result().refreshToken()).isEqualTo(other.result().refreshToken());
    }

    @Test
    void may_be_more_than_two() {
      var first = begin().refreshToken().orElseThrow();
      store.hold();
      var all = java.util.stream.IntStream.range(0, 20).mapToObj(i -> refresh(first)).toList();
      store.shuffle(new Random(7));
      assertThat(all.stream().map(each -> each.result().refreshToken()).distinct()).hasSize(1);
    }
  }

  @Nested
  class A_refused_check {
    private final String first = begin().refreshToken().orElseThrow();

    private void refusesByCheck(String token) {
      assertThat(
              failed(
                  given.tokens.refresh(
                      token,
                      session -> {
                        throw ErrorCode.INVALID_SCOPE.because("no");
                      })))
          .hasMessage("invalid_scope: no");
    }

    @Test
    void leaves_the_current_token_current() {
      refusesByCheck(first);
      refreshed(first);
      assertThat(given.told).containsExactly("token.refreshed rotated");
    }

    @Test
    void does_not_end_the_session_with_an_older_token() {
      var third = refreshed(refreshed(first));
      refusesByCheck(first);
      assertThat(refreshed(third)).isNotEmpty();
    }
  }

  @Nested
  class The_session {
    @Test
    void ends_absolutely_however_often_it_is_refreshed() {
      var token = begin().refreshToken().orElseThrow();
      for (int day = 0; day < 30; day++) {
        token = refreshed(token);
        clock.forward(Duration.ofDays(1));
      }
      refuses(token);
    }

    @Test
    void is_refreshed_until_just_before_its_end() {
      var token = begin().refreshToken().orElseThrow();
      for (int day = 0; day < 29; day++) {
        token = refreshed(token);
        clock.forward(Duration.ofDays(1));
      }
      clock.forward(Duration.ofDays(1).minus(MILLI));
      assertThat(refreshed(token)).isNotEmpty();
    }

    @Test
    void outlives_no_access_token() {
      var end = clock.instant().plus(Lifespans.DEFAULT.session());
      var token = begin().refreshToken().orElseThrow();
      for (int day = 0; day < 29; day++) {
        token = refreshed(token);
        clock.forward(Duration.ofDays(1));
      }
      clock.forward(Duration.ofHours(23).plusMinutes(30));
      var last = done(refresh(token));
      assertThat(claims(last.accessToken()).getExpirationTime()).isEqualTo(Date.from(end));
      assertThat(claims(last.idToken().orElseThrow()).getExpirationTime())
          .isEqualTo(Date.from(end));
      assertThat(last.expiresIn()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void has_no_refresh_token_for_a_client_that_may_not_refresh() {
      var tokens = done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), false));
      assertThat(tokens.refreshToken()).isEmpty();
    }

    @Test
    void refuses_a_good_mac_when_the_client_may_not_refresh() {
      done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), false));
      refuses(given.refreshTokens.mint(authorization.sessionId()));
    }

    @Test
    void begins_once() {
      begin();
      assertThat(failed(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true)))
          .hasMessage("invalid_grant: the code was used before");
    }

    @Test
    void has_an_id_token_only_with_the_scope_openid() {
      authorization = given.authorization("mcp:read");
      assertThat(begin().idToken()).isEmpty();
    }

    @Test
    void is_found_until_it_is_ended() {
      begin();
      lives();
      done(given.sessions.end(authorization.sessionId()));
      hasEnded();
    }

    @Test
    void cannot_be_ended_without_the_store() {
      begin();
      store.away(true);
      assertThat(failed(given.sessions.end(authorization.sessionId())))
          .isInstanceOf(UnavailableException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void ends_whatever_refresh_runs_at_the_same_time(int seed) {
      var first = begin().refreshToken().orElseThrow();
      store.hold();
      var refreshing = refresh(first);
      var ending = given.sessions.end(authorization.sessionId());
      store.shuffle(new Random(seed));
      assertThat(ending.succeeded()).isTrue();
      hasEnded();
      refuses(refreshing.succeeded() ? refreshing.result().refreshToken().orElseThrow() : first);
    }
  }

  @Nested
  class A_replay_of_the_code {
    private final AuthorizationCode content = GivenSessions.code(authorization);
    private final String code = done(given.codes.issue(content));

    private String replayed() {
      return done(given.codes.replayed(code, GivenSessions.CLIENT, VERIFIER)).orElseThrow();
    }

    @Test
    void before_the_session_begins_stops_it_from_beginning() {
      done(given.codes.spend(code, content));
      done(given.sessions.end(replayed()));
      assertThat(failed(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true)))
          .hasMessage("invalid_grant: the code was used before");
    }

    @Test
    void before_the_session_begins_leaves_no_session() {
      done(given.codes.spend(code, content));
      done(given.sessions.end(replayed()));
      failed(given.tokens.begin(authorization, RESOURCE, Optional.empty(), true));
      hasEnded();
    }

    @Test
    void after_the_session_began_ends_it() {
      done(given.codes.spend(code, content));
      var tokens = begin();
      done(given.sessions.end(replayed()));
      hasEnded();
      refuses(tokens.refreshToken().orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void while_the_session_begins_leaves_no_token_that_is_good(int seed) {
      done(given.codes.spend(code, content));
      store.hold();
      var beginning = given.tokens.begin(authorization, RESOURCE, Optional.empty(), true);
      var ending = given.sessions.end(authorization.sessionId());
      store.shuffle(new Random(seed));
      assertThat(ending.succeeded()).isTrue();
      hasEnded();
      if (beginning.succeeded()) {
        refuses(beginning.result().refreshToken().orElseThrow());
        failed(given.verifier.verify(beginning.result().accessToken()));
      }
    }
  }

  @Nested
  class The_answer {
    @Test
    void says_what_was_granted_and_how_long() {
      assertThat(begin().toJson().fieldNames())
          .containsExactly(
              "access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token");
    }

    @Test
    void leaves_out_a_scope_that_is_empty() {
      authorization = given.authorization("");
      assertThat(begin().toJson().fieldNames()).doesNotContain("scope");
    }

    @Test
    void leaves_out_what_is_absent() {
      var bare = new TokenSet("a", GRACE, Scopes.parse("x"), Optional.empty(), Optional.empty());
      assertThat(bare.toJson().fieldNames())
          .containsExactly("access_token", "token_type", "expires_in", "scope");
    }

    @Test
    void prints_no_token() {
      assertThat(begin()).hasToString("TokenSet[hidden]");
    }
  }

  @Nested
  class The_store {
    @Test
    void holds_no_token_in_the_clear() {
      var backing = new MemoryStore(clock, 100);
      var written = new java.util.ArrayList<String>();
      given =
          new GivenSessions(new RecordingPuts(backing, written).proxy(), clock, Lifespans.DEFAULT);
      var first = begin().refreshToken().orElseThrow();
      var second = refreshed(first);
      var code = done(given.codes.issue(GivenSessions.code(authorization)));
      assertThat(written).isNotEmpty();
      assertThat(String.join("\n", written)).doesNotContain(first, second, code);
    }
  }

  private record RecordingPuts(MemoryStore store, java.util.List<String> written) {
    dev.keyturn.store.KeyValueStore proxy() {
      return (dev.keyturn.store.KeyValueStore)
          java.lang.reflect.Proxy.newProxyInstance(
              SessionTokensTest.class.getClassLoader(),
              new Class<?>[] {dev.keyturn.store.KeyValueStore.class},
              (proxy, method, arguments) -> {
                for (var argument : arguments) {
                  written.add(String.valueOf(argument));
                }
                return method.invoke(store, arguments);
              });
    }
  }
}
