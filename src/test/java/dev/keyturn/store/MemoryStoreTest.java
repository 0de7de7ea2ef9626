package dev.keyturn.store;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MemoryStoreTest implements KeyValueStoreContract {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 2 * MANY);
  private final MemoryStore small = new MemoryStore(clock, 2);

  @BeforeEach
  void fill_the_small_one() {
    done(small.put("a/1", ONE, SECOND));
    done(small.put("a/2", ONE, MINUTE));
  }

  @Override
  public KeyValueStore store() {
    return store;
  }

  @Override
  public void forward(Duration time) {
    clock.forward(time);
  }

  @Test
  void a_full_store_refuses_a_new_entry() {
    assertThat(failed(small.put("a/3", ONE, MINUTE))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_full_store_refuses_a_new_count() {
    assertThat(failed(small.count("a/3", MINUTE))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void a_full_store_still_writes_over_what_is_there() {
    done(small.put("a/2", TWO, MINUTE));
    assertThat(done(small.take("a/2"))).contains(TWO);
  }

  @Test
  void what_died_makes_room() {
    clock.forward(SECOND);
    done(small.put("a/3", ONE, MINUTE));
    assertThat(small.size()).isEqualTo(2);
  }

  @Test
  void a_full_store_looks_for_the_dead_at_most_once_a_second() {
    clock.forward(SECOND);
    done(small.put("a/3", ONE, Duration.ofMillis(1)));
    clock.forward(Duration.ofMillis(999));
    failed(small.put("a/4", ONE, MINUTE));
    clock.forward(Duration.ofMillis(1));
    done(small.put("a/4", ONE, MINUTE));
    assertThat(done(small.get("a/4"))).isPresent();
  }

  @Test
  void the_dead_are_swept_away_once_a_minute_though_there_is_room() {
    done(store.put("a/1", ONE, SECOND));
    clock.forward(MINUTE);
    done(store.put("a/2", ONE, SECOND));
    assertThat(store.size()).isEqualTo(1);
  }

  @Test
  void a_clock_that_went_back_does_not_end_the_sweeping() {
    clock.forward(Duration.ofHours(-1));
    done(small.put("a/2", ONE, SECOND));
    clock.forward(SECOND);
    done(small.put("a/3", ONE, SECOND));
    assertThat(done(small.get("a/3"))).isPresent();
  }

  @Test
  void a_closed_store_holds_nothing() {
    done(small.close());
    assertThat(small.size()).isZero();
  }
}
