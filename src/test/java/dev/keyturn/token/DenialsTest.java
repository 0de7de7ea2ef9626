package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DenialsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  private final SettableClock clock = new SettableClock();
  private final InterleavingStore store = new InterleavingStore(new MemoryStore(clock, 100));
  private final Denials here = new Denials(store, () -> HOUR, clock);
  private final Denials elsewhere = new Denials(store, () -> HOUR, clock);

  @Test
  void a_session_is_not_denied_unless_somebody_did() {
    assertThat(done(here.isDenied("s"))).isFalse();
  }

  @Test
  void who_denies_knows_at_once() {
    done(here.isDenied("s"));
    done(here.deny("s"));
    assertThat(done(here.isDenied("s"))).isTrue();
  }

  @Test
  void another_session_stays_good() {
    done(here.deny("s"));
    assertThat(done(here.isDenied("t"))).isFalse();
  }

  @Test
  void an_answer_that_was_on_its_way_does_not_undo_a_denial() {
    store.hold();
    here.isDenied("s");
    store.step(0);
    here.deny("s");
    store.step(1);
    store.step(1);
    store.step(0);
    assertThat(done(here.isDenied("s"))).isTrue();
  }

  @Test
  void an_answer_is_kept_for_less_than_two_seconds() {
    done(here.isDenied("s"));
    clock.forward(Duration.ofSeconds(2).minus(MILLI));
    done(here.isDenied("s"));
    assertThat(store.calls()).isOne();
  }

  @Test
  void who_did_not_deny_knows_after_two_seconds() {
    done(elsewhere.isDenied("s"));
    done(here.deny("s"));
    clock.forward(Duration.ofSeconds(2));
    assertThat(done(elsewhere.isDenied("s"))).isTrue();
  }

  @Test
  void the_two_seconds_begin_with_the_question() {
    store.hold();
    elsewhere.isDenied("s");
    store.step(0);
    clock.forward(Duration.ofSeconds(2));
    store.step(0);
    elsewhere.isDenied("s");
    assertThat(store.calls()).isEqualTo(2);
  }

  @Test
  void the_store_itself_is_asked_where_nothing_may_be_kept() {
    done(elsewhere.isDenied("s"));
    done(here.deny("s"));
    assertThat(done(elsewhere.isDeniedInStore("s"))).isTrue();
  }

  @Test
  void without_the_store_the_last_answer_holds_for_less_than_15_minutes() {
    done(here.isDenied("s"));
    store.away(true);
    clock.forward(Duration.ofMinutes(15).minus(MILLI));
    assertThat(done(here.isDenied("s"))).isFalse();
  }

  @Test
  void without_the_store_a_denial_holds_too() {
    done(here.deny("s"));
    store.away(true);
    clock.forward(Duration.ofMinutes(15).minus(MILLI));
    assertThat(done(here.isDenied("s"))).isTrue();
  }

  @Test
  void without_the_store_nothing_can_be_told_after_15_minutes() {
    done(here.isDenied("s"));
    store.away(true);
    clock.forward(Duration.ofMinutes(15));
    assertThat(failed(here.isDenied("s"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void without_the_store_nothing_can_be_told_of_a_session_never_seen() {
    store.away(true);
    assertThat(failed(here.isDenied("s"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_denial_that_the_store_did_not_take_fails() {
    store.away(true);
    assertThat(failed(here.deny("s"))).isInstanceOf(UnavailableException.class);
  }
}
