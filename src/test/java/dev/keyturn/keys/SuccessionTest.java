package dev.keyturn.keys;

import static dev.keyturn.keys.SuccessionStory.DELAY;
import static dev.keyturn.keys.SuccessionStory.LEEWAY;
import static dev.keyturn.keys.SuccessionStory.LIFE;
import static dev.keyturn.keys.SuccessionStory.SETTLED;
import static dev.keyturn.keys.SuccessionStory.START;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Who signs when, and for how long others stay known. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SuccessionTest {
  private static final Duration TICK = Duration.ofMillis(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofDays(1);

  private final SuccessionStory story = new SuccessionStory();

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class Where_nothing_is_known {
    @Test
    void the_first_key_signs_at_once() {
      assertThat(story.lists("A", "a").signer()).isEqualTo("a");
    }

    @Test
    void a_key_behind_it_has_signed_until_now() {
      assertThat(story.lists("A", "a", "old").key("old").lastSigned()).contains(START);
    }

    @Test
    void a_key_behind_it_is_known_while_its_tokens_live() {
      story.lists("A", "a", "old").lists("A", "a").after(LIFE.plus(LEEWAY).minus(TICK));
      assertThat(story.lists("A", "a").known()).containsExactly("a", "old");
    }

    @Test
    void a_second_replica_waits_with_another_key() {
      story.lists("A", "a").starts("B", "b", "a");
      assertThat(story.signerOf("B")).isEqualTo("a");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_new_key {
    SuccessionStory replaced() {
      return story.lists("A", "a").after(DAY).lists("A", "b");
    }

    @Test
    void is_known_at_once() {
      assertThat(replaced().known()).containsExactly("a", "b");
    }

    @Test
    void does_not_sign_before_its_delay() {
      assertThat(replaced().after(DELAY.minus(TICK)).lists("A", "b").signer()).isEqualTo("a");
    }

    @Test
    void signs_after_its_delay() {
      assertThat(replaced().after(DELAY).lists("A", "b").signer()).isEqualTo("b");
    }

    @Test
    void is_followed_from_memory_by_a_replica_that_lost_the_file_of_the_old_one() {
      assertThat(replaced().after(MINUTE).lists("A", "b").signerOf("A")).isEqualTo("a");
    }

    @Test
    void lets_the_old_one_stop_when_it_begins() {
      assertThat(replaced().key("a").lastSigned()).contains(story.now().plus(DELAY));
    }

    @Test
    void leaves_the_old_one_known_until_its_last_token_has_expired() {
      replaced().after(DELAY.plus(LIFE).plus(LEEWAY).minus(TICK));
      assertThat(story.lists("A", "b").known()).containsExactly("a", "b");
    }

    @Test
    void is_alone_when_the_last_token_of_the_old_one_has_expired() {
      replaced().after(DELAY.plus(LIFE).plus(LEEWAY));
      assertThat(story.lists("A", "b").known()).containsExactly("b");
    }

    @Test
    void does_not_shorten_the_life_of_tokens_that_the_old_one_made_when_they_lived_longer() {
      story.whereTokensLive(DAY).lists("A", "a").whereTokensLive(LIFE).lists("A", "b");
      story.after(DAY).lists("A", "b");
      assertThat(story.known()).contains("a");
    }

    @Test
    void signs_at_its_time_where_the_ring_was_not_touched_since() {
      assertThat(replaced().after(DELAY).signer()).isEqualTo("b");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_replica_that_has_not_seen_the_change {
    @Test
    void changes_nothing() {
      story.lists("A", "a").lists("B", "a").after(DAY).lists("A", "b");
      var before = story.turns();
      assertThat(story.after(MINUTE).lists("B", "a").turns()).isEqualTo(before);
    }

    @Test
    void changes_nothing_when_it_starts_anew() {
      story.lists("A", "a").after(DAY).lists("A", "b");
      var before = story.turns();
      assertThat(story.after(MINUTE).starts("B", "a").turns()).isEqualTo(before);
    }

    @Test
    void changes_nothing_where_its_clock_is_fast() {
      story.lists("A", "a").lists("B", "a").after(DAY).lists("A", "b");
      var before = story.turns();
      assertThat(story.listsByClock("B", LEEWAY, "a").turns()).isEqualTo(before);
    }

    @Test
    void does_not_drop_a_key_that_another_lists_behind_the_first() {
      story.lists("A", "a").lists("B", "a").after(DAY).lists("A", "a", "b");
      assertThat(story.lists("B", "a").known()).containsExactly("a", "b");
    }

    @Test
    void signs_on_with_what_it_has_and_says_so_in_the_ring() {
      story.lists("A", "a").lists("B", "a").lists("A", "a", "b").after(DELAY).lists("A", "b");
      story.after(MINUTE).lists("B", "a");
      assertThat(story.signer()).isEqualTo("b");
      assertThat(story.signerOf("B")).isEqualTo("a");
      assertThat(story.key("a").lastSigned()).contains(story.now().plus(LEEWAY));
    }

    @Test
    void is_followed_when_it_lists_the_same_for_so_long_that_it_must_be_meant() {
      story.lists("A", "a").lists("B", "a").after(DAY).lists("A", "b").after(SETTLED);
      assertThat(story.lists("B", "a").state().choice().orElseThrow().id()).isEqualTo("a");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_key_that_was_superseded_before_it_signed {
    SuccessionStory superseded() {
      return story.lists("A", "a").after(DAY).lists("A", "b", "a").after(MINUTE);
    }

    @Test
    void is_dropped() {
      assertThat(superseded().lists("A", "c", "a").known()).containsExactly("a", "c");
    }

    @Test
    void is_dropped_by_a_switch_back() {
      assertThat(superseded().lists("A", "a").known()).containsExactly("a");
    }

    @Test
    void leaves_the_old_one_signing_after_a_switch_back() {
      superseded().lists("A", "a").after(DAY);
      assertThat(story.signer()).isEqualTo("a");
    }

    @Test
    void leaves_the_old_one_without_an_end_after_a_switch_back() {
      assertThat(superseded().lists("A", "a").key("a").lastSigned()).isEmpty();
    }

    @Test
    void stays_known_where_it_is_still_listed() {
      assertThat(superseded().lists("A", "c", "b", "a").known()).contains("b");
    }

    @Test
    void has_no_turn_where_it_is_still_listed() {
      assertThat(superseded().lists("A", "c", "b", "a").key("b").from()).isEmpty();
    }

    @Test
    void stays_known_where_a_faster_clock_may_have_let_it_sign() {
      story.lists("A", "a").after(DAY).lists("A", "b", "a").after(DELAY.minus(MINUTE));
      assertThat(story.lists("A", "a").key("b").lastSigned()).contains(START.plus(DAY).plus(DELAY));
    }

    @Test
    void is_dropped_after_a_while_where_it_was_unlisted_between_two_starts() {
      superseded().starts("A", "a").after(SETTLED).lists("A", "a");
      assertThat(story.known()).contains("b");
      assertThat(story.after(LIFE.multipliedBy(2)).lists("A", "a").known()).containsExactly("a");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_key_that_is_listed_behind_the_first {
    @Test
    void is_known_and_has_no_turn() {
      story.lists("A", "a").after(DAY).lists("A", "a", "b");
      assertThat(story.key("b").from()).isEmpty();
    }

    @Test
    void signs_at_once_when_it_becomes_first_long_after() {
      story.lists("A", "a").lists("A", "a", "b").after(DELAY).lists("A", "b", "a");
      assertThat(story.signer()).isEqualTo("b");
    }

    @Test
    void waits_for_what_is_left_of_its_delay_when_it_becomes_first() {
      story.lists("A", "a").lists("A", "a", "b").after(MINUTE).lists("A", "b", "a");
      assertThat(story.key("b").from()).contains(START.plus(DELAY));
    }

    @Test
    void stays_known_for_as_long_as_it_is_listed() {
      story.lists("A", "a").lists("A", "a", "b");
      for (int hour = 0; hour < 48; hour++) {
        story.after(Duration.ofHours(1)).lists("A", "a", "b");
      }
      assertThat(story.known()).containsExactly("a", "b");
    }

    @Test
    void stays_known_after_its_last_token_has_expired() {
      story.lists("A", "a").after(DAY).lists("A", "b", "a").after(DAY);
      assertThat(story.lists("A", "b", "a").known()).containsExactly("a", "b");
    }

    @Test
    void is_dropped_when_it_is_no_longer_listed() {
      story.lists("A", "a").lists("A", "a", "b").after(DAY).lists("A", "a");
      assertThat(story.known()).containsExactly("a");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_key_that_was_unlisted_while_it_was_still_needed {
    private final Duration gone = DELAY.plus(MINUTE).plus(LEEWAY);

    SuccessionStory unlisted() {
      story.whereTokensLive(MINUTE).lists("A", "a").lists("B", "a").after(DAY);
      return story.lists("A", "b", "a").lists("A", "b");
    }

    @Test
    void is_known_until_its_last_token_has_expired() {
      assertThat(unlisted().after(gone.minus(TICK)).lists("A", "b").known()).contains("a");
    }

    @Test
    void is_gone_then() {
      assertThat(unlisted().after(gone).lists("A", "b").known()).containsExactly("b");
    }

    @Test
    void stays_known_where_another_replica_lists_it() {
      unlisted().lists("B", "b", "a").after(gone);
      assertThat(story.lists("A", "b").known()).contains("a");
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_switch_back_after_the_new_key_signed {
    SuccessionStory switchedBack() {
      story.lists("A", "a").after(DAY).lists("A", "b", "a").after(DELAY.plus(MINUTE));
      return story.lists("A", "a", "b");
    }

    @Test
    void waits_until_all_know_that_the_old_one_signs_again() {
      assertThat(switchedBack().after(LEEWAY.minus(TICK)).signer()).isEqualTo("b");
    }

    @Test
    void needs_no_new_publication() {
      assertThat(switchedBack().after(LEEWAY).signer()).isEqualTo("a");
    }

    @Test
    void takes_the_end_from_the_old_one_at_once() {
      assertThat(switchedBack().key("a").lastSigned()).isEmpty();
    }

    @Test
    void lets_the_new_one_retire() {
      assertThat(switchedBack().key("b").lastSigned()).contains(story.now().plus(LEEWAY));
    }

    @Test
    void that_is_taken_back_leaves_the_old_one_retiring_as_if_it_had_signed_again() {
      var turn = switchedBack().key("a").from();
      assertThat(story.lists("A", "b", "a").key("a").lastSigned()).isEqualTo(turn);
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_revoked_key {
    @Test
    void is_dropped_at_once() {
      story.lists("A", "a").after(DAY).lists("A", "b", "a").after(DAY);
      assertThat(story.revokes("A", Set.of("a"), "b").known()).containsExactly("b");
    }

    @Test
    void is_succeeded_at_once_where_there_is_nothing_else() {
      story.lists("A", "a").after(DAY);
      assertThat(story.revokes("A", Set.of("a"), "b").signer()).isEqualTo("b");
    }

    @Test
    void is_succeeded_by_the_next_that_is_listed() {
      story.lists("A", "a", "b").after(DAY);
      assertThat(story.revokes("A", Set.of("a"), "a", "b").signer()).isEqualTo("b");
    }

    @Test
    void is_succeeded_for_now_by_one_that_others_know_while_the_new_one_waits() {
      story.lists("A", "a", "c").after(DAY);
      assertThat(story.revokes("A", Set.of("a"), "b", "c").signer()).isEqualTo("c");
      assertThat(story.after(DELAY).signer()).isEqualTo("b");
    }

    @Test
    void leaves_nobody_signing_where_a_replica_has_nothing_else() {
      story.lists("A", "a").lists("B", "a").after(DAY).revokes("A", Set.of("a"), "b");
      story.revokes("B", Set.of("a"), "a");
      assertThat(story.state().signer(Set.of("a"), pace(), story.now())).isEmpty();
    }

    private Timing.Pace pace() {
      return new Timing.Pace(DELAY, LEEWAY, LIFE);
    }
  }

  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_restart {
    @Test
    void changes_nothing() {
      story.lists("A", "a").after(DAY).lists("A", "b", "a").after(MINUTE);
      var before = story.state();
      assertThat(story.starts("A", "b", "a").state()).isEqualTo(before);
    }

    @Test
    void with_only_the_new_key_signs_with_it_at_once() {
      story.lists("A", "a").after(DAY).lists("A", "b").after(MINUTE).starts("A", "b");
      assertThat(story.signerOf("A")).isEqualTo("b");
    }

    @Test
    void with_another_order_long_after_the_last_change_is_a_change() {
      story.lists("A", "a", "b").after(DAY).starts("A", "b", "a");
      assertThat(story.state().choice().orElseThrow().id()).isEqualTo("b");
    }

    @Test
    void with_nothing_that_is_known_signs_at_once_and_is_known_as_signing() {
      story.lists("A", "a").after(DAY).starts("A", "b");
      assertThat(story.signerOf("A")).isEqualTo("b");
      assertThat(story.key("b").signed()).contains(story.now().plus(LEEWAY));
    }
  }

  @Test
  void a_replica_whose_clock_is_slow_takes_the_turn_that_began_for_the_writer() {
    story.listsByClock("A", MINUTE, "a").lists("B", "a");
    assertThat(story.signerOf("B")).isEqualTo("a");
    assertThat(story.key("a").from()).contains(START.plus(MINUTE));
  }

  @Test
  void a_replica_whose_clock_is_slow_does_not_let_one_sign_that_has_stopped_for_others() {
    story.lists("A", "a").lists("A", "a", "b").after(DAY).lists("A", "b", "a").after(MINUTE);
    story.starts("B", "a", "b").listsByClock("B", MINUTE.multipliedBy(-2), "c", "a");
    assertThat(story.key("a").lastSigned()).contains(START.plus(DAY));
  }

  @Test
  void a_replica_whose_clock_is_wrong_beyond_measure_is_not_believed() {
    story.listsByClock("A", DAY, "a");
    assertThat(story.state().time(START, LEEWAY)).isEqualTo(START.plus(LEEWAY));
  }

  @Test
  void a_replica_without_the_key_whose_turn_it_is_signs_with_one_that_all_take() {
    story.lists("A", "old").lists("A", "x", "old").lists("A", "x", "old", "known").after(DAY);
    story.lists("A", "x", "old", "known").after(DAY).starts("B", "old", "known");
    assertThat(story.signerOf("B")).isEqualTo("known");
  }

  @Test
  void looking_again_changes_nothing() {
    story.lists("A", "a", "c").after(DAY).lists("A", "b", "a").after(MINUTE);
    var before = story.lists("A", "b", "a").state();
    assertThat(story.after(MINUTE).lists("A", "b", "a").state()).isEqualTo(before);
  }

  @Test
  void that_a_key_is_listed_is_written_down_again_only_after_a_while() {
    story.lists("A", "a").after(Duration.ofMinutes(10)).lists("A", "a");
    assertThat(story.key("a").listed()).isEqualTo(story.now());
  }
}
