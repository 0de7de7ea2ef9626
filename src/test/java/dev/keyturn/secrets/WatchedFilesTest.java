package dev.keyturn.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Finding.Severity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WatchedFilesTest {
  private static final String A = "/m/a";
  private static final String B = "/m/b";

  private final FakeFiles files = new FakeFiles();
  private int parsed;
  private boolean isGoodByNow;
  private final WatchedFiles<String> watched = new WatchedFiles<>(files, this::pair);

  @BeforeEach
  void both_files_hold_one() {
    both("one");
  }

  private void both(String content) {
    files.with(A, content).with(B, content);
  }

  /** Joins both files, whether they fit together or not, so that a torn pair would show. */
  private Reading<String> pair(SecretFiles from) {
    parsed++;
    try {
      var joined = text(from, A) + "+" + text(from, B);
      return joined.contains("bad") && !isGoodByNow
          ? bad("a is " + joined)
          : new Reading.Good<>(joined);
    } catch (NoSuchFileException e) {
      return bad("a file is missing");
    } catch (IOException e) {
      return bad("a file cannot be read");
    }
  }

  private static String text(SecretFiles from, String path) throws IOException {
    return new String(from.read(Path.of(path)), StandardCharsets.UTF_8);
  }

  private Reading<String> bad(String why) {
    return new Reading.Bad<>(List.of(new Finding(Severity.ERROR, "", why)), () -> isGoodByNow);
  }

  private Look<String> settled() {
    var look = watched.look();
    for (int i = 0; look instanceof Look.Unsettled && i < 10; i++) {
      look = watched.look();
    }
    return look;
  }

  private static Look<String> accepted(long number, String value) {
    return new Look.Accepted<>(new Generation<>(number, value));
  }

  private static Look<String> rejected(String why) {
    return new Look.Rejected<>(List.of(new Finding(Severity.ERROR, "", why)));
  }

  private static Look<String> unsettled() {
    return new Look.Unsettled<>();
  }

  private static Look<String> unchanged() {
    return new Look.Unchanged<>();
  }

  private static Look<String> recovered() {
    return new Look.Recovered<>();
  }

  @Nested
  class The_first_look {
    @Test
    void takes_what_is_there() {
      assertThat(watched.look()).isEqualTo(accepted(1, "one+one"));
    }

    @Test
    void refuses_what_is_no_good() {
      both("bad");
      assertThat(watched.look()).isEqualTo(rejected("a is bad+bad"));
    }

    @ParameterizedTest(name = "before reading {0}")
    @ValueSource(ints = {2, 3, 4})
    void takes_nothing_if_something_changes_meanwhile(int reading) {
      files.before(reading, () -> both("two"));
      assertThat(watched.look()).isEqualTo(unsettled());
    }

    @Test
    void is_followed_by_a_generation_of_one_moment() {
      files.before(2, () -> both("two"));
      assertThat(settled()).isEqualTo(accepted(1, "two+two"));
    }

    @Test
    void may_find_nothing_at_all_and_a_later_one_all_of_it() {
      files.without(A).without(B);
      assertThat(watched.look()).isEqualTo(rejected("a file is missing"));
      both("one");
      assertThat(settled()).isEqualTo(accepted(1, "one+one"));
    }
  }

  @Nested
  class Without_a_change {
    @BeforeEach
    void a_generation_is_in_force() {
      watched.look();
    }

    @Test
    void nothing_is_parsed() {
      assertThat(watched.look()).isEqualTo(unchanged());
      assertThat(parsed).isEqualTo(1);
    }

    @Test
    void each_file_is_read_once() {
      var before = files.asked().size();
      watched.look();
      assertThat(files.asked().subList(before, files.asked().size()))
          .containsExactlyInAnyOrder(Path.of(A), Path.of(B));
    }

    @Test
    void another_file_with_the_same_content_is_none() {
      files.identified(A, "another");
      assertThat(watched.look()).isEqualTo(unchanged());
    }
  }

  @Nested
  class A_change {
    @BeforeEach
    void a_generation_is_in_force() {
      watched.look();
    }

    @Test
    void waits_for_a_second_look() {
      both("two");
      assertThat(watched.look()).isEqualTo(unsettled());
      assertThat(watched.look()).isEqualTo(accepted(2, "two+two"));
    }

    @Test
    void is_parsed_once() {
      both("two");
      settled();
      assertThat(parsed).isEqualTo(2);
    }

    @Test
    void is_taken_once() {
      both("two");
      settled();
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void is_not_taken_while_it_goes_on() {
      for (var content : List.of("t", "tw", "two", "two m")) {
        both(content);
        assertThat(watched.look()).isEqualTo(unsettled());
      }
      both("two more");
      assertThat(settled()).isEqualTo(accepted(2, "two more+two more"));
    }

    @Test
    void that_is_gone_at_the_second_look_was_none() {
      both("two");
      watched.look();
      both("one");
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void must_be_found_twice_in_a_row() {
      both("two");
      watched.look();
      both("one");
      watched.look();
      both("two");
      assertThat(watched.look()).isEqualTo(unsettled());
    }

    static IntStream readings() {
      return IntStream.rangeClosed(1, 14);
    }

    @ParameterizedTest(name = "before reading {0}")
    @MethodSource("readings")
    void within_a_look_gives_one_of_both_and_nothing_in_between(int reading) {
      both("two");
      files.before(reading, () -> both("three"));
      assertThat(settled()).isIn(accepted(2, "two+two"), accepted(2, "three+three"));
    }

    @ParameterizedTest(name = "before reading {0}")
    @MethodSource("readings")
    void file_by_file_gives_only_what_was_there_at_one_moment(int reading) {
      files.before(reading, () -> files.with(A, "two"));
      files.before(reading + 1, () -> files.with(B, "two"));
      files.before(reading + 2, () -> both("three"));
      for (int i = 0; i < 10; i++) {
        assertThat(watched.look())
            .isIn(
                unchanged(),
                unsettled(),
                accepted(2, "two+two"),
                accepted(2, "three+three"),
                accepted(3, "three+three"));
      }
    }

    @Test
    void there_and_back_is_noticed_by_the_identity_of_the_file() {
      both("two");
      // One reading finds the change, two make the snapshot, two more look whether it stands.
      files.before(3, () -> files.identified(A, "later").with(A, "three").with(B, "three"));
      files.before(4, () -> files.with(A, "two"));
      assertThat(watched.look()).isEqualTo(unsettled());
      assertThat(watched.look()).isEqualTo(unsettled());
    }
  }

  @Nested
  class A_refusal {
    @BeforeEach
    void a_generation_is_in_force() {
      watched.look();
      both("bad");
    }

    @Test
    void is_said_once() {
      assertThat(settled()).isEqualTo(rejected("a is bad+bad"));
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void is_not_parsed_again() {
      settled();
      watched.look();
      assertThat(parsed).isEqualTo(2);
    }

    @Test
    void is_said_again_for_another_content() {
      settled();
      both("bad too");
      assertThat(settled()).isEqualTo(rejected("a is bad too+bad too"));
    }

    @Test
    void is_over_when_the_last_good_content_is_back() {
      settled();
      both("one");
      assertThat(watched.look()).isEqualTo(recovered());
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void is_said_again_when_it_comes_back() {
      settled();
      both("one");
      watched.look();
      both("bad");
      assertThat(settled()).isEqualTo(rejected("a is bad+bad"));
    }

    @Test
    void is_over_with_the_next_good_content() {
      settled();
      both("two");
      assertThat(settled()).isEqualTo(accepted(2, "two+two"));
    }

    @Test
    void is_judged_again_without_a_change_when_time_may_have_ended_it() {
      settled();
      isGoodByNow = true;
      assertThat(watched.look()).isEqualTo(accepted(2, "bad+bad"));
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void is_judged_again_later_if_something_changes_just_then() {
      settled();
      isGoodByNow = true;
      files.before(2, () -> files.with(A, "torn"));
      assertThat(watched.look()).isEqualTo(unsettled());
      both("bad");
      assertThat(watched.look()).isEqualTo(accepted(2, "bad+bad"));
    }

    @Test
    void counts_no_generation() {
      settled();
      both("one");
      settled();
      both("two");
      assertThat(settled()).isEqualTo(accepted(2, "two+two"));
    }
  }

  @Nested
  class A_failure_to_read {
    @BeforeEach
    void a_generation_is_in_force() {
      watched.look();
    }

    @Test
    void once_is_none() {
      files.failing(B, new FileSystemException(B, "", "Input/output error"));
      assertThat(watched.look()).isEqualTo(unsettled());
      files.with(B, "one");
      assertThat(watched.look()).isEqualTo(unchanged());
    }

    @Test
    void that_stays_is_a_refusal() {
      files.failing(B, new FileSystemException(B, "", "No space left on device"));
      assertThat(settled()).isEqualTo(rejected("a file cannot be read"));
    }

    @Test
    void of_another_kind_is_another_refusal() {
      files.failing(B, new AccessDeniedException(B));
      settled();
      files.failing(B, new NoSuchFileException(B));
      assertThat(settled()).isEqualTo(rejected("a file is missing"));
    }

    @Test
    void is_over_when_the_file_can_be_read_again() {
      files.failing(B, new AccessDeniedException(B));
      settled();
      files.with(B, "one");
      assertThat(settled()).isEqualTo(recovered());
    }
  }

  @Nested
  class A_reader {
    @Test
    void that_stumbles_has_refused_and_does_not_show_what_it_read() {
      var stumbling =
          new WatchedFiles<String>(
              files,
              from -> {
                throw new IllegalStateException("marker");
              });
      assertThat(stumbling.look())
          .isEqualTo(
              rejected(
                  "the configuration or a file that it names cannot be read:"
                      + " IllegalStateException"));
    }

    @Test
    void decides_which_files_are_watched() {
      files.with("/c/config", B);
      var following =
          new WatchedFiles<>(files, from -> good(from, text(from, Path.of("/c/config"))));
      following.look();
      files.with("/c/config", A).with(A, "two");
      following.look();
      assertThat(following.look()).isEqualTo(accepted(2, "two"));
      files.with(A, "three");
      following.look();
      assertThat(following.look()).isEqualTo(accepted(3, "three"));
    }

    @Test
    void may_ask_for_a_directory() {
      var listing = new WatchedFiles<>(files, this::names);
      listing.look();
      files.with("/m/c", "");
      listing.look();
      assertThat(listing.look()).isEqualTo(accepted(2, "[/m/a, /m/b, /m/c]"));
    }

    private Reading<String> names(SecretFiles from) {
      try {
        return new Reading.Good<>(from.list(Path.of("/m")).toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private Reading<String> good(SecretFiles from, String path) {
      return new Reading.Good<>(text(from, Path.of(path)));
    }

    private String text(SecretFiles from, Path path) {
      try {
        return new String(from.readDocument(path), StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Nested
  class The_directories {
    @Test
    void are_those_that_hold_the_files() {
      watched.look();
      assertThat(watched.directories()).containsExactly(Path.of("/m").toAbsolutePath());
    }

    @Test
    void are_there_also_if_the_files_are_not() {
      files.without(A).without(B);
      watched.look();
      assertThat(watched.directories()).containsExactly(Path.of("/m").toAbsolutePath());
    }
  }

  @Test
  void nothing_prints_what_was_read() {
    both("marker");
    assertThat(watched.look()).asString().isEqualTo("Accepted[generation=Generation[1]]");
    assertThat(pair(files)).asString().isEqualTo("Good[]");
  }
}
