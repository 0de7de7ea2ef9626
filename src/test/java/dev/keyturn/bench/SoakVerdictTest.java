package dev.keyturn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A soak that found something says so. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SoakVerdictTest {
  private static final long MIB = 1 << 20;
  private static final SoakMemory FLAT = samples(i -> footprint(60 * MIB + i % 3 * MIB));

  private static Footprint footprint(long heap) {
    return new Footprint(heap, 400_000, 40, 90);
  }

  private static SoakMemory samples(LongFunction<Footprint> at) {
    return new SoakMemory(LongStream.range(0, 30).mapToObj(at).toList());
  }

  /** One in which everything happened that is to happen. */
  private static SoakTally busy() {
    var tally = new SoakTally();
    for (var event : SoakEvent.values()) {
      if (!event.isWrong()) {
        tally.count(event);
      }
    }
    return tally;
  }

  @Test
  void says_nothing_where_all_is_well() {
    assertThat(SoakVerdict.complaints(busy(), FLAT)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(SoakEvent.class)
  void names_what_went_wrong_once_and_what_never_happened(SoakEvent event) {
    var tally = event.isWrong() ? busy() : new SoakTally();
    if (event.isWrong()) {
      tally.count(event, "400 invalid_grant");
    }
    assertThat(SoakVerdict.complaints(tally, FLAT))
        .anyMatch(line -> line.contains(event.wire()) && !line.contains("grew"));
  }

  /** 36 s pass from look to look in half an hour, with some 50 refreshes a second. */
  @Test
  void notices_two_kilobytes_that_are_kept_of_each_refresh() {
    var leak = samples(i -> footprint(60 * MIB + i * 36 * 50 * 2048));
    assertThat(SoakVerdict.complaints(busy(), leak))
        .singleElement()
        .asString()
        .startsWith("live heap bytes grew");
  }

  @Test
  void notices_memory_outside_the_heap() {
    var leak = samples(i -> new Footprint(60 * MIB, 400_000 + i * 10_000, 40, 90));
    assertThat(SoakVerdict.complaints(busy(), leak))
        .singleElement()
        .asString()
        .startsWith("resident kilobytes grew");
  }

  @Test
  void notices_threads_that_stay() {
    var leak = samples(i -> new Footprint(60 * MIB, 400_000, 40 + 3 * i, 90));
    assertThat(SoakVerdict.complaints(busy(), leak)).singleElement().asString().contains("threads");
  }

  @Test
  void notices_sockets_that_stay() {
    var leak = samples(i -> new Footprint(60 * MIB, 400_000, 40, 90 + 5 * i));
    assertThat(SoakVerdict.complaints(busy(), leak))
        .singleElement()
        .asString()
        .contains("descriptors");
  }

  @Test
  void lets_a_single_peak_pass() {
    var peak = samples(i -> footprint(i == 29 ? 200 * MIB : 60 * MIB));
    assertThat(SoakVerdict.complaints(busy(), peak)).isEmpty();
  }

  @Test
  void does_not_judge_memory_by_a_few_looks() {
    assertThat(SoakVerdict.complaints(busy(), new SoakMemory(FLAT.samples().subList(0, 5))))
        .singleElement()
        .asString()
        .contains("too few");
  }
}
