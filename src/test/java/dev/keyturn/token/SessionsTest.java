package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.GivenSessions.RESOURCE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ContestedStore;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SessionsTest {
  private static final int TRIES = 17;
  private static final Lifespans LIFESPANS = Lifespans.DEFAULT;

  private final SettableClock clock = new SettableClock();
  private final ContestedStore store = new ContestedStore(new MemoryStore(clock, 100));
  private final GivenSessions given = new GivenSessions(store, clock, LIFESPANS);
  private final Authorization authorization = given.authorization("openid");
  private final String id = authorization.sessionId();

  private TokenSet begin(boolean refreshable) {
    return done(given.tokens.begin(authorization, RESOURCE, Optional.empty(), refreshable));
  }

  @Nested
  class That_is_not_to_be_prolonged {
    private final TokenSet first = begin(true);

    @Test
    void refuses_its_refresh_token() {
      done(given.sessions.closeRefresh(id));
      var refused =
          given.tokens.refresh(first.refreshToken().orElseThrow(), GivenSessions::everything);
      assertThat(failed(refused)).hasMessageContaining("expired");
    }

    @Test
    void goes_on_with_the_access_tokens_that_are_out() {
      done(given.sessions.closeRefresh(id));
      assertThat(done(given.sessions.find(id))).isPresent();
      assertThat(done(given.verifier.verify(first.accessToken())).sessionId()).isEqualTo(id);
    }

    @Test
    void is_closed_at_the_last_try() {
      store.lose(TRIES - 1);
      done(given.sessions.closeRefresh(id));
      assertThat(done(given.sessions.find(id)).orElseThrow().family()).isEmpty();
    }

    @Test
    void is_not_said_to_be_closed_when_it_was_not_written() {
      store.lose(TRIES);
      assertThat(failed(given.sessions.closeRefresh(id))).isInstanceOf(IllegalStateException.class);
    }
  }

  @Nested
  class That_somebody_else_keeps_changing {
    private final String token = begin(true).refreshToken().orElseThrow();

    @Test
    void is_ended_at_the_last_try() {
      store.lose(TRIES - 1);
      done(given.sessions.end(id));
      assertThat(done(given.sessions.find(id))).isEmpty();
      assertThat(store.replacements()).isEqualTo(TRIES);
    }

    @Test
    void is_not_said_to_have_ended_when_it_was_not_written() {
      store.lose(TRIES);
      assertThat(failed(given.sessions.end(id))).isInstanceOf(IllegalStateException.class);
      assertThat(store.replacements()).isEqualTo(TRIES);
    }

    @Test
    void is_denied_all_the_same() {
      store.lose(TRIES);
      failed(given.sessions.end(id));
      assertThat(done(given.denials.isDeniedInStore(id))).isTrue();
    }

    @Test
    void is_refreshed_at_the_last_try() {
      store.lose(TRIES - 1);
      done(given.tokens.refresh(token, GivenSessions::everything));
      assertThat(store.replacements()).isEqualTo(TRIES);
    }

    @Test
    void is_not_refreshed_without_being_written() {
      store.lose(TRIES);
      assertThat(failed(given.tokens.refresh(token, GivenSessions::everything)))
          .isInstanceOf(IllegalStateException.class);
      assertThat(store.replacements()).isEqualTo(TRIES);
    }

    @Test
    void is_rotated_once_for_the_audit() {
      given.told.clear();
      store.lose(1);
      done(given.tokens.refresh(token, GivenSessions::everything));
      assertThat(given.told).containsExactly("token.refreshed rotated");
    }
  }

  @Nested
  class Is_kept {
    @Test
    void as_long_as_its_refresh_token() {
      begin(true);
      assertThat(store.timeToLive()).isEqualTo(LIFESPANS.refreshToken());
    }

    @Test
    void as_long_as_its_access_token_without_a_refresh_token() {
      begin(false);
      assertThat(store.timeToLive()).isEqualTo(LIFESPANS.accessToken());
    }

    @Test
    void no_longer_than_until_its_end() {
      var token = begin(true).refreshToken().orElseThrow();
      for (int day = 0; day < 29; day++) {
        clock.forward(Duration.ofDays(1));
        token =
            done(given.tokens.refresh(token, GivenSessions::everything))
                .refreshToken()
                .orElseThrow();
      }
      assertThat(store.timeToLive()).isEqualTo(Duration.ofDays(1));
    }
  }

  @Test
  void that_should_have_ended_is_not_found_in_a_store_whose_clock_is_late() {
    var late = new GivenSessions(new MemoryStore(new SettableClock(), 100), clock, LIFESPANS);
    done(late.tokens.begin(authorization, RESOURCE, Optional.empty(), true));
    assertThat(done(late.sessions.find(id))).isPresent();
    clock.forward(LIFESPANS.session());
    assertThat(done(late.sessions.find(id))).isEmpty();
  }

  @Test
  void one_that_was_never_begun_cannot_be_closed_or_ended() {
    done(given.sessions.closeRefresh("nobody"));
    done(given.sessions.end("nobody"));
    assertThat(store.replacements()).isZero();
  }

  @Test
  void one_without_a_refresh_token_is_not_written_to_close_it() {
    begin(false);
    done(given.sessions.closeRefresh(id));
    assertThat(store.replacements()).isZero();
  }

  @Test
  void one_that_has_not_begun_may_do_so_unless_it_was_ended() {
    assertThat(done(given.sessions.mayBegin(id))).isTrue();
    done(given.sessions.end(id));
    assertThat(done(given.sessions.mayBegin(id))).isFalse();
  }

  @Test
  void one_that_was_ended_before_it_began_does_not_begin_when_its_access_token_would_be_over() {
    var brief =
        new Lifespans(
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ZERO);
    var hasty = new GivenSessions(new MemoryStore(clock, 100), clock, brief);
    done(hasty.sessions.end(id));
    clock.forward(Duration.ofMinutes(5));
    assertThat(done(hasty.sessions.mayBegin(id))).isFalse();
    clock.forward(Duration.ofMinutes(15));
    assertThat(done(hasty.sessions.mayBegin(id))).isFalse();
  }
}
