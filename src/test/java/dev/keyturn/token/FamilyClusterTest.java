package dev.keyturn.token;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.token.FamilyClusterModel.LIVES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SettledStore;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.store.file.FileStore;
import dev.keyturn.store.file.StoreFolder;
import dev.keyturn.token.FamilyClusterModel.Plan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What holds of a refresh family whatever is lost, slow, killed, or told another time; each seed is
 * another story.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class FamilyClusterTest {
  private static final int ROUNDS = 300;
  private static final int ROUNDS_ON_DISK = 40;

  static LongStream seeds() {
    return LongStream.range(0, Long.getLong("keyturn.seeds", 20));
  }

  private static FamilyClusterModel model(long seed, Plan plan) {
    var clock = new SettableClock();
    return new FamilyClusterModel(seed, plan, new MemoryStore(clock, 1_000_000), clock);
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void no_honest_client_is_logged_out_and_nothing_outlives_a_reuse(long seed) {
    assertThat(model(seed, Plan.SOUND).run(ROUNDS)).isEmpty();
  }

  @Test
  void the_same_holds_above_a_file(@TempDir Path folder) throws IOException {
    var clock = new SettableClock();
    var store = FileStore.open(new StoreFolder(folder), clock, 1_000_000, kind -> {});
    var model = new FamilyClusterModel(1, Plan.SOUND, new SettledStore(store), clock);
    assertThat(model.run(ROUNDS_ON_DISK)).isEmpty();
    done(store.close());
  }

  @Test
  void these_stories_are_about_something() {
    var model = model(1, Plan.SOUND);
    model.run(ROUNDS);
    assertThat(model.served).isGreaterThan(500);
    assertThat(model.unknown).isGreaterThan(100);
    assertThat(model.reused).isGreaterThan(20);
    assertThat(model.loggedOut).isGreaterThan(30);
    assertThat(model.kills).isGreaterThan(10);
  }

  @Test
  void it_would_be_found_if_the_version_were_no_fence() {
    finds("a token has two successors", Plan.SOUND.through(BrokenStores::unfenced));
  }

  @Test
  void it_would_be_found_if_the_version_were_looked_at_before() {
    finds("a token has two successors", Plan.SOUND.through(BrokenStores::inTwoSteps));
  }

  @Test
  void it_would_be_found_if_an_unknown_outcome_were_taken_for_done() {
    finds("an honest client was logged out", Plan.SOUND.through(BrokenStores::hopeful));
  }

  @Test
  void it_would_be_found_if_a_replica_remembered_what_it_has_read() {
    finds("an old token was accepted", Plan.SOUND.through(BrokenStores::caching));
  }

  @Test
  void it_would_be_found_if_a_reuse_did_not_end_the_family() {
    finds(
        "a refresh token is good after its family ended",
        Plan.SOUND.through(BrokenStores::endless));
  }

  @Test
  void it_would_be_found_if_access_tokens_outlived_their_family() {
    finds(
        "an access token is good after its family ended",
        Plan.SOUND.through(BrokenStores::undenying));
  }

  @Test
  void it_would_be_found_if_a_session_could_begin_twice() {
    finds("a session began twice", Plan.SOUND.through(BrokenStores::overwriting));
  }

  @Test
  void it_would_be_found_if_lost_answers_were_not_made_good() {
    var none =
        new Lifespans(
            LIVES.accessToken(),
            LIVES.refreshToken(),
            LIVES.code(),
            LIVES.session(),
            Duration.ZERO,
            Duration.ZERO);
    finds("an honest client was logged out", Plan.SOUND.with(none));
  }

  @Test
  void it_would_be_found_if_clocks_were_hours_apart() {
    finds("an honest client was logged out", Plan.SOUND.with(Duration.ofHours(13)));
  }

  private static void finds(String complaint, Plan broken) {
    assertThat(LongStream.range(0, 6))
        .as("one of six stories says: " + complaint)
        .anyMatch(seed -> model(seed, broken).run(ROUNDS).contains(complaint));
  }
}
