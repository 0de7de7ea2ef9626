package dev.keyturn.user;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.InterleavingStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that have ended are listed no more. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StrikesTest {
  private static final String ALICE = "u_alice";

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 100);
  private final Users users = new Users(store, clock);
  private final Strikes strikes = new Strikes(users);

  private void list(int count) {
    var now = clock.instant();
    var client = new NamedClient("c1", "Some Editor", true);
    for (int i = 0; i < count; i++) {
      var session = new ListedSession("s" + i, client, now, now.plus(Duration.ofDays(30)));
      done(users.change(ALICE, user -> succeeded(user.with(session))));
    }
  }

  private static Future<Users.Step<Boolean>> succeeded(User next) {
    return Future.succeededFuture(new Users.Step<>(next, true));
  }

  private List<String> listed() {
    return done(users.find(ALICE)).sessions().stream().map(ListedSession::id).toList();
  }

  @Test
  void one_that_has_ended_is_listed_no_more_and_others_are() {
    list(3);
    done(strikes.strike(ALICE, "s1"));
    assertThat(listed()).containsExactly("s0", "s2");
  }

  @Test
  void one_that_is_not_listed_changes_nothing() {
    list(2);
    done(strikes.strike(ALICE, "s7"));
    done(strikes.strike("u_bob", "s0"));
    assertThat(listed()).containsExactly("s0", "s1");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void many_that_end_at_once_do_not_get_in_each_other_s_way(int seed) {
    list(60);
    var slow = new InterleavingStore(store);
    var here = new Strikes(new Users(slow, clock));
    var there = new Strikes(new Users(slow, clock));
    slow.hold();
    for (int i = 0; i < 60; i++) {
      (i % 2 == 0 ? here : there).strike(ALICE, "s" + i);
    }
    slow.shuffle(new Random(seed));
    assertThat(listed()).isEmpty();
    assertThat(slow.calls()).isLessThan(30);
  }

  @Test
  void after_an_outage_of_the_store_the_next_one_is_struck_off() {
    list(2);
    var store = new InterleavingStore(this.store);
    var strikes = new Strikes(new Users(store, clock));
    store.away(true);
    assertThat(failed(strikes.strike(ALICE, "s0"))).isInstanceOf(UnavailableException.class);
    store.away(false);
    done(strikes.strike(ALICE, "s1"));
    assertThat(listed()).containsExactly("s0");
  }
}
