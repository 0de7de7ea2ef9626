package dev.keyturn.store.redis;

import static dev.keyturn.store.redis.Breaker.PAUSE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class BreakerTest {
  private final TroubleException why =
      TroubleException.refused(Trouble.TIMEOUT, new Address("127.0.0.1", 6379));
  private final Breaker breaker = new Breaker();

  @Test
  void refuses_nothing_at_first() {
    assertThat(breaker.refusal(0)).isEmpty();
  }

  @Test
  void refuses_all_after_a_failure_that_others_would_meet_too() {
    breaker.open(why, 0);
    assertThat(breaker.refusal(PAUSE - 1)).contains(why);
  }

  @Test
  void lets_one_find_out_after_a_pause() {
    breaker.open(why, 0);
    assertThat(breaker.refusal(PAUSE)).isEmpty();
  }

  @Test
  void refuses_all_others_while_one_finds_out_however_long_that_takes() {
    breaker.open(why, 0);
    breaker.refusal(PAUSE);
    assertThat(breaker.refusal(100 * PAUSE)).contains(why);
  }

  @Test
  void refuses_nothing_once_an_operation_was_carried_out() {
    breaker.open(why, 0);
    breaker.refusal(PAUSE);
    breaker.close();
    assertThat(breaker.refusal(PAUSE)).isEmpty();
  }

  @Test
  void goes_on_refusing_where_the_one_that_found_out_does_not_know() {
    breaker.open(why, 0);
    breaker.refusal(PAUSE);
    breaker.leave(PAUSE);
    assertThat(breaker.refusal(PAUSE + 1)).contains(why);
  }

  @Test
  void lets_the_next_one_find_out_where_that_one_does_not_know() {
    breaker.open(why, 0);
    breaker.refusal(PAUSE);
    breaker.leave(PAUSE);
    assertThat(breaker.refusal(2 * PAUSE)).isEmpty();
  }

  @Test
  void refuses_nothing_for_one_change_whose_outcome_is_not_known() {
    breaker.leave(0);
    assertThat(breaker.refusal(0)).isEmpty();
  }
}
