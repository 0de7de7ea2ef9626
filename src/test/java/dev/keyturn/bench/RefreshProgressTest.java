package dev.keyturn.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A process is killed where it was to be, and what it leaves is known. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RefreshProgressTest {
  private static final int PROCESS = 1;

  private boolean answered;
  private final List<String> killed = new ArrayList<>();
  private final KillOrder order = new KillOrder();
  private final RefreshProgress progress = new RefreshProgress(order, entry -> answered);

  private static RedisFrame exchange(String kind, char first) {
    var key = KillWorld.PREFIX + kind + "/e1";
    return RedisFrame.of(List.of("EVALSHA", "hash", "1", key, "head", first + "value", "1000"));
  }

  private static final RedisFrame LEASE =
      RedisFrame.of(
          List.of(
              "EVALSHA", "hash", "1", KillWorld.PREFIX + "vault-lease/e1", "\1value", "120000"));
  private static final RedisFrame WRITE = exchange("vault", '\1');
  private static final RedisFrame RELEASE = exchange("vault-lease", '\2');

  /** Everything that a process says to Redis in a refresh; false as soon as it is dead. */
  private boolean refresh() {
    answered = false;
    return lives(LEASE)
        && lives(WRITE)
        && answer()
        && lives(WRITE)
        && lives(WRITE)
        && lives(RELEASE);
  }

  private boolean answer() {
    answered = true;
    return true;
  }

  private boolean lives(RedisFrame command) {
    return !progress.before(PROCESS, command) && !progress.after(PROCESS, command);
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"REQUEST_SENT", "TOKEN_SPENT"})
  void a_process_is_killed_at_the_step_that_was_ordered(KillStep step) {
    var done = order.give(PROCESS, step, () -> killed.add(step.wire()));
    assertThat(refresh()).isFalse();
    assertThat(killed).containsExactly(step.wire());
    assertThat(done).isCompletedWithValue("e1");
  }

  @Test
  void another_process_is_left_alone() {
    var unused = order.give(2, KillStep.INTENT_WRITTEN, () -> killed.add("it"));
    assertThat(refresh()).isTrue();
    assertThat(killed).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"REQUEST_SENT", "TOKEN_SPENT"})
  void an_intent_without_an_answer_is_what_excuses_the_loss_of_a_login(KillStep step) {
    var unused = order.give(PROCESS, step, () -> {});
    refresh();
    assertThat(progress.died(PROCESS)).containsExactly("e1");
    assertThat(progress.isCutOff("e1"))
        .isEqualTo(step == KillStep.INTENT_WRITTEN || step == KillStep.ANSWER_RECEIVED);
  }

  @Test
  void a_login_ends_that_excuse() {
    var unused = order.give(PROCESS, KillStep.INTENT_WRITTEN, () -> {});
    refresh();
    progress.died(PROCESS);
    progress.loggedIn("e1");
    assertThat(progress.isCutOff("e1")).isFalse();
  }

  @Test
  void a_process_that_dies_between_two_refreshes_leaves_nothing() {
    assertThat(refresh()).isTrue();
    assertThat(progress.died(PROCESS)).isEmpty();
  }

  @Test
  void whoever_goes_on_with_an_answer_of_another_writes_no_intent() {
    var unused = order.give(PROCESS, KillStep.ANSWER_WRITTEN, () -> {});
    refresh();
    progress.died(PROCESS);
    var unusedToo = order.give(PROCESS, KillStep.INTENT_WRITTEN, () -> killed.add("it"));
    assertThat(lives(LEASE) && lives(WRITE) && lives(RELEASE)).isTrue();
    assertThat(killed).isEmpty();
  }

  @Test
  void frames_are_read_one_by_one() throws IOException {
    var bytes = "*2\r\n$3\r\nGET\r\n$2\r\nk1\r\n:1\r\n$-1\r\n%1\r\n+a\r\n:2\r\n-ERR no\r\n";
    var input = new ByteArrayInputStream(bytes.getBytes(ISO_8859_1));
    assertThat(RedisFrame.read(input).words()).containsExactly("GET", "k1");
    assertThat(RedisFrame.read(input).isOne()).isTrue();
    assertThat(RedisFrame.read(input).words()).isEmpty();
    assertThat(RedisFrame.read(input).words()).containsExactly("+a", ":2");
    assertThat(RedisFrame.read(input).isOne()).isFalse();
    assertThat(input.available()).isZero();
  }
}
