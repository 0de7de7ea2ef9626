package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DenialsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private static final AccessToken S = token("s", "1", 60);
  private static final AccessToken T = token("t", "1", 60);

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 100));
  private final Denials here = new Denials(store, () -> HOUR, clock);
  private final Denials elsewhere = new Denials(store, () -> HOUR, clock);

  @Test
  void a_session_is_not_denied_unless_somebody_did() {
    assertThat(done(here.isDenied(S))).isFalse();
  }

  @Test
  void who_denies_knows_at_once() {
    done(here.isDenied(S));
    done(here.deny("s"));
    assertThat(done(here.isDenied(S))).isTrue();
  }

  @Test
  void another_session_stays_good() {
    done(here.deny("s"));
    assertThat(done(here.isDenied(T))).isFalse();
  }

  @Test
  void an_answer_that_was_on_its_way_does_not_undo_a_denial() {
    store.hold();
    here.isDenied(S);
    store.step(0);
    here.deny("s");
    store.step(1);
    store.step(1);
    store.step(0);
    assertThat(done(here.isDenied(S))).isTrue();
  }

  @Test
  void an_answer_is_kept_for_less_than_two_seconds() {
    done(here.isDenied(S));
    clock.forward(Duration.ofSeconds(2).minus(MILLI));
    done(here.isDenied(S));
    assertThat(store.calls()).isOne();
  }

  @Test
  void who_did_not_deny_knows_after_two_seconds() {
    done(elsewhere.isDenied(S));
    done(here.deny("s"));
    clock.forward(Duration.ofSeconds(2));
    assertThat(done(elsewhere.isDenied(S))).isTrue();
  }

  @Test
  void the_two_seconds_begin_with_the_question() {
    store.hold();
    elsewhere.isDenied(S);
    store.step(0);
    clock.forward(Duration.ofSeconds(2));
    store.step(0);
    elsewhere.isDenied(S);
    assertThat(store.calls()).isEqualTo(2);
  }

  @Test
  void the_store_itself_is_asked_where_nothing_may_be_kept() {
    done(elsewhere.isDenied(S));
    done(here.deny("s"));
    assertThat(done(elsewhere.isDeniedInStore("s"))).isTrue();
  }

  @Test
  void without_the_store_the_last_answer_holds_for_less_than_15_minutes() {
    done(here.isDenied(S));
    store.away(true);
    clock.forward(Duration.ofMinutes(15).minus(MILLI));
    assertThat(done(here.isDenied(S))).isFalse();
  }

  @Test
  void without_the_store_the_last_answer_holds_as_long_as_is_said() {
    var strict = new Denials(store, () -> HOUR, () -> Duration.ofSeconds(3), clock);
    done(strict.isDenied(S));
    store.away(true);
    clock.forward(Duration.ofSeconds(3).minus(MILLI));
    assertThat(done(strict.isDenied(S))).isFalse();
    clock.forward(MILLI);
    assertThat(failed(strict.isDenied(S))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void without_the_store_a_denial_holds_too() {
    done(here.deny("s"));
    store.away(true);
    clock.forward(Duration.ofMinutes(15).minus(MILLI));
    assertThat(done(here.isDenied(S))).isTrue();
  }

  @Test
  void without_the_store_nothing_can_be_told_after_15_minutes() {
    done(here.isDenied(S));
    store.away(true);
    clock.forward(Duration.ofMinutes(15));
    assertThat(failed(here.isDenied(S))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void without_the_store_nothing_can_be_told_of_a_session_never_seen() {
    store.away(true);
    assertThat(failed(here.isDenied(S))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_denial_that_the_store_did_not_take_fails() {
    store.away(true);
    assertThat(failed(here.deny("s"))).isInstanceOf(UnavailableException.class);
  }

  @Nested
  class One_token {
    private final AccessToken sibling = token("s", "2", 60);

    @Test
    void is_denied_and_its_sibling_is_not() {
      done(here.deny(S));
      assertThat(done(here.isDenied(S))).isTrue();
      assertThat(done(here.isDenied(sibling))).isFalse();
    }

    @Test
    void that_is_denied_does_not_deny_its_session() {
      done(here.deny(S));
      assertThat(done(here.isDeniedInStore("s"))).isFalse();
    }

    @Test
    void is_denied_elsewhere_after_two_seconds() {
      done(elsewhere.isDenied(S));
      done(here.deny(S));
      clock.forward(Duration.ofSeconds(2));
      assertThat(done(elsewhere.isDenied(S))).isTrue();
    }

    @Test
    void stays_denied_when_another_is() {
      done(here.deny(S));
      done(elsewhere.deny(sibling));
      clock.forward(Duration.ofSeconds(2));
      assertThat(done(here.isDenied(S))).isTrue();
      assertThat(done(here.isDenied(sibling))).isTrue();
    }

    @Test
    void that_is_denied_does_not_bring_its_session_back() {
      done(here.deny("s"));
      done(elsewhere.deny(S));
      assertThat(done(elsewhere.isDeniedInStore("s"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void is_denied_however_two_denials_interleave(long seed) {
      store.hold();
      var one = here.deny(S);
      var other = elsewhere.deny(sibling);
      store.shuffle(new Random(seed));
      done(Future.all(one, other));
      var third = new Denials(store, () -> HOUR, clock);
      assertThat(done(third.isDenied(S))).isTrue();
      assertThat(done(third.isDenied(sibling))).isTrue();
    }

    @Test
    void one_too_many_takes_the_rest_of_the_session_along() {
      for (var i = 0; i <= Denied.MAX; i++) {
        done(here.deny(token("s", "many" + i, 60)));
      }
      assertThat(done(here.isDeniedInStore("s"))).isTrue();
    }

    @Test
    void that_has_ended_makes_room() {
      for (var i = 0; i < 3 * Denied.MAX; i++) {
        done(here.deny(token("s", "many" + i, 1 + i)));
        clock.forward(Duration.ofSeconds(1));
      }
      assertThat(done(here.isDeniedInStore("s"))).isFalse();
    }
  }

  private static AccessToken token(String session, String id, int seconds) {
    var now = Instant.parse("2026-11-23T12:00:00Z");
    return new AccessToken(
        id, "alice", "c", session, List.of("r"), Scopes.NONE, now, now.plusSeconds(seconds));
  }
}
