package dev.keyturn.vault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.vault.RefreshClusterModel.Plan;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds whatever is killed, lost or slow, before a provider that takes each refresh token
 * once; each seed is another story.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefreshClusterTest {
  private static final int ROUNDS = 300;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("keyturn.seeds", 20));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void no_refresh_token_is_redeemed_twice_and_no_login_is_lost_for_nothing(long seed) {
    assertThat(new RefreshClusterModel(seed, Plan.ROTATING).run(ROUNDS)).isEmpty();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void where_refresh_tokens_stay_only_the_provider_ends_a_login(long seed) {
    var model = new RefreshClusterModel(seed, Plan.STAYING);
    assertThat(model.run(ROUNDS)).isEmpty();
    assertThat(model.unanswered).isZero();
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void it_does_not_depend_on_the_lease_that_none_is_redeemed_twice(long seed) {
    assertThat(new RefreshClusterModel(seed, Plan.ROTATING.over(Generous::new)).run(ROUNDS))
        .doesNotContain("a refresh token was redeemed twice");
  }

  @Test
  void these_stories_are_about_something() {
    var model = new RefreshClusterModel(1, Plan.ROTATING);
    model.run(ROUNDS);
    assertThat(model.served).isGreaterThan(300);
    assertThat(model.provider.redemptions).isGreaterThan(30);
    assertThat(model.kills).isGreaterThan(5);
    assertThat(model.refused).isPositive();
    assertThat(model.unanswered).isPositive();
  }

  @Test
  void it_would_be_found_if_a_lost_answer_were_taken_for_none() {
    assertThat(found(Plan.ROTATING.through(answer -> new RefreshAnswer.Away(Optional.empty()))))
        .contains("a refresh token was redeemed twice");
  }

  @Test
  void it_would_be_found_if_an_intent_without_an_answer_were_redeemed_again() {
    assertThat(found(Plan.ROTATING.configured(false)))
        .contains("a refresh token was redeemed twice");
  }

  @Test
  void it_would_be_found_if_the_version_were_no_fence() {
    assertThat(found(Plan.ROTATING.over(Unfenced::new)))
        .contains("a refresh token was redeemed twice");
  }

  @Test
  void it_would_be_found_if_answers_were_not_judged() {
    assertThat(found(Plan.ROTATING.withoutJudgement()))
        .contains("a token was handed out that nothing proves");
  }

  private static Set<String> found(Plan plan) {
    var found = new HashSet<String>();
    for (long seed = 0; seed < 6; seed++) {
      found.addAll(new RefreshClusterModel(seed, plan).run(ROUNDS));
    }
    return found;
  }
}
