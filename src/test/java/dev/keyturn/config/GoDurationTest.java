package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "0s, PT0S",
    "90s, PT90S",
    "+1h30m, PT1H30M",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "1h1h, PT2H",
    "1ms2us3ns, PT0.001002003S",
    "4µs, PT0.000004S",
    "4μs, PT0.000004S",
    "0.1ns, PT0S",
    "2562047h47m16s, PT2562047H47M16S",
  })
  void reads_what_go_reads(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "s",
        ".s",
        "-1s",
        "1 s",
        " 1s",
        "1d",
        "1h30",
        "1e3s",
        "1H",
        "2562048h",
        "1..s",
        "99999999999999999999h",
        "1h\n",
        "１s"
      })
  void reads_nothing_else(String text) {
    assertThat(GoDuration.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0s",
    "PT90S, 1m30s",
    "P30D, 720h",
    "PT0.001S, 1ms",
    "PT0.000004S, 4us",
    "PT0.001002003S, 1ms2us3ns",
  })
  void prints_what_it_reads(Duration duration, String text) {
    assertThat(GoDuration.print(duration)).isEqualTo(text);
    assertThat(GoDuration.parse(text)).contains(duration);
  }

  @Test
  void reads_the_longest() {
    assertThat(GoDuration.parse("9223372036854775807ns"))
        .contains(Duration.ofNanos(Long.MAX_VALUE));
    assertThat(GoDuration.parse("9223372036854775808ns")).isEmpty();
  }

  @Test
  void reads_at_most_64_characters() {
    assertThat(GoDuration.parse("0".repeat(62) + "1s")).contains(Duration.ofSeconds(1));
    assertThat(GoDuration.parse("0".repeat(63) + "1s")).isEmpty();
  }
}
