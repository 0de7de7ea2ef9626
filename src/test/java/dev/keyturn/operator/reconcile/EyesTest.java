package dev.keyturn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** When somebody who leads is known to see nothing. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class EyesTest {
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private long now = 1;
  private List<String> behind = List.of();
  private final Eyes eyes = new Eyes(() -> behind, () -> now);

  private Sight after(Duration time) {
    now += time.toNanos();
    return eyes.sight("one");
  }

  @Test
  void a_first_list_may_take_its_time() {
    assertThat(after(Eyes.PATIENCE).isBlind()).isFalse();
  }

  @Test
  void who_can_list_nothing_is_blind() {
    var sight = after(Eyes.PATIENCE.plus(MOMENT));
    assertThat(sight.isBlind()).isTrue();
    assertThat(sight.listed()).isFalse();
  }

  @Test
  void who_watches_everything_never_is() {
    eyes.listed();
    after(MOMENT);
    assertThat(after(Duration.ofDays(1)).isBlind()).isFalse();
  }

  @Test
  void a_watch_that_is_away_for_a_while_makes_nobody_blind() {
    eyes.listed();
    after(MOMENT);
    behind = List.of("pods");
    assertThat(after(Eyes.PATIENCE).isBlind()).isFalse();
    behind = List.of();
    after(MOMENT);
    behind = List.of("pods");
    assertThat(after(Eyes.PATIENCE).isBlind()).isFalse();
  }

  @Test
  void one_that_stays_away_does_and_is_named() {
    eyes.listed();
    after(MOMENT);
    behind = List.of("pods (the API server answers 403)");
    var sight = after(Eyes.PATIENCE.plus(MOMENT));
    assertThat(sight.isBlind()).isTrue();
    assertThat(sight.toJson().encode()).contains("pods (the API server answers 403)");
  }
}
