package dev.keyturn.keys;

import static dev.keyturn.keys.ClusterModel.LIFE;
import static dev.keyturn.keys.ClusterModel.MAX_AGE;
import static dev.keyturn.keys.ClusterModel.PROPAGATION;
import static dev.keyturn.keys.ClusterModel.TIMING;
import static dev.keyturn.keys.ClusterModel.timing;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds whatever operators, clocks and the store do; each seed is another story. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyClusterTest {
  private static final Duration LONG = Duration.ofHours(3);
  private static final Duration NONE = Duration.ZERO;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("keyturn.seeds", 12));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void every_token_verifies_everywhere_until_it_expires(long seed) {
    assertThat(new ClusterModel(seed, TIMING).run(LONG)).isEmpty();
  }

  @Test
  void keys_are_rotated_in_these_stories() {
    var model = new ClusterModel(1, TIMING);
    model.run(LONG);
    assertThat(model.rotations()).isGreaterThan(5);
  }

  @Test
  void it_would_be_found_if_a_new_key_signed_at_once() {
    assertThat(found(timing(NONE, PROPAGATION, LIFE)))
        .contains("a verifier that keeps the JWK set as told does not know the key");
  }

  @Test
  void it_would_be_found_if_a_new_key_waited_for_replicas_and_not_for_caches() {
    assertThat(found(timing(MAX_AGE.minus(PROPAGATION), PROPAGATION, LIFE)))
        .contains("a verifier that keeps the JWK set as told does not know the key");
  }

  @Test
  void it_would_be_found_if_replicas_were_thought_to_see_all_at_once() {
    assertThat(found(timing(MAX_AGE.plus(PROPAGATION), NONE, LIFE)))
        .contains("a replica refuses what another has authenticated");
  }

  @Test
  void it_would_be_found_if_a_key_retired_before_its_last_token_expired() {
    assertThat(found(timing(MAX_AGE.plus(PROPAGATION), PROPAGATION, NONE)))
        .contains("a replica refuses a token of the cluster");
  }

  private static Set<String> found(Timing timing) {
    var found = new HashSet<String>();
    for (long seed = 0; seed < 4; seed++) {
      found.addAll(new ClusterModel(seed, timing).run(LONG));
    }
    return found;
  }
}
