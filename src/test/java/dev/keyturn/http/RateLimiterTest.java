package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RateLimiterTest {
  private static final int PER_MINUTE = 60;

  private final SettableClock clock = new SettableClock();
  private final RateLimiter limiter = new RateLimiter(clock);

  private RateLimiter.Verdict take(String key) {
    return limiter.judge(key, PER_MINUTE, true);
  }

  private int admitted(int attempts) {
    var admitted = 0;
    for (int i = 0; i < attempts; i++) {
      admitted += take("a").isFree() ? 1 : 0;
    }
    return admitted;
  }

  @Test
  void lets_a_minutes_worth_in_at_once_and_no_more() {
    assertThat(admitted(1000)).isEqualTo(PER_MINUTE);
  }

  @Test
  void says_exactly_how_long_to_wait() {
    admitted(PER_MINUTE);
    var wait = take("a").time();
    assertThat(wait).isEqualTo(Duration.ofSeconds(1));
    clock.forward(wait.minusNanos(1));
    assertThat(take("a").isFree()).isFalse();
    clock.forward(Duration.ofNanos(1));
    assertThat(take("a").isFree()).isTrue();
  }

  @Test
  void does_not_count_what_it_refuses() {
    admitted(1000);
    clock.forward(Duration.ofSeconds(1));
    assertThat(admitted(1000)).isEqualTo(1);
  }

  @Test
  void lets_as_many_in_again_a_minute_later() {
    admitted(1000);
    clock.forward(Duration.ofMinutes(1));
    assertThat(admitted(1000)).isEqualTo(PER_MINUTE);
  }

  @Test
  void counts_each_key_for_itself() {
    admitted(1000);
    assertThat(take("b").isFree()).isTrue();
  }

  @Test
  void can_look_without_counting() {
    for (int i = 0; i < 1000; i++) {
      assertThat(limiter.judge("a", PER_MINUTE, false).isFree()).isTrue();
    }
    assertThat(admitted(1000)).isEqualTo(PER_MINUTE);
    assertThat(limiter.judge("a", PER_MINUTE, false).isFree()).isFalse();
  }

  @Test
  void tells_of_the_first_refusal_of_a_minute() {
    admitted(PER_MINUTE);
    assertThat(take("a").first()).isTrue();
    assertThat(take("a").first()).isFalse();
    for (int i = 0; i < 59; i++) {
      clock.forward(Duration.ofSeconds(1));
      take("a");
      assertThat(take("a").first()).isFalse();
    }
    clock.forward(Duration.ofSeconds(1));
    take("a");
    assertThat(take("a").first()).isTrue();
  }

  @Test
  void goes_by_the_rate_of_the_moment() {
    admitted(1000);
    assertThat(limiter.judge("a", 10 * PER_MINUTE, true).isFree()).isFalse();
    clock.forward(Duration.ofMillis(100));
    assertThat(limiter.judge("a", 10 * PER_MINUTE, true).isFree()).isTrue();
  }

  @Test
  void shuts_nobody_out_for_longer_than_a_minute_when_the_clock_is_set_back() {
    admitted(1000);
    clock.forward(Duration.ofDays(-1));
    assertThat(take("a").time()).isLessThanOrEqualTo(Duration.ofMinutes(1));
  }

  /** Memory is bounded under abuse: what is counted here is all that is kept. */
  @Test
  void holds_no_more_keys_than_it_may_however_many_addresses_there_are() {
    for (int i = 0; i < 25 * RateLimiter.CAPACITY; i++) {
      limiter.judge("2001:db8:" + Integer.toHexString(i), PER_MINUTE, true);
    }
    assertThat(limiter.size()).isLessThanOrEqualTo(RateLimiter.CAPACITY);
  }

  @Test
  void forgets_who_has_been_quiet_for_a_minute() {
    admitted(1);
    clock.forward(Duration.ofMinutes(1));
    assertThat(limiter.size()).isZero();
  }
}
