package dev.keyturn.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Finding;
import dev.keyturn.config.Findings;
import dev.keyturn.config.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LifespansTest {
  private final Findings findings = new Findings();

  private Lifespans read(String yaml) {
    return Lifespans.from(Settings.parse(yaml, Path.of("/etc/keyturn"), findings));
  }

  private List<String> found() {
    return findings.errors().stream().map(Finding::toString).toList();
  }

  @Test
  void have_defaults() {
    assertThat(read("{}"))
        .isEqualTo(
            new Lifespans(
                Duration.ofHours(1),
                Duration.ofDays(7),
                Duration.ofMinutes(10),
                Duration.ofDays(30),
                Duration.ofSeconds(60),
                Duration.ofHours(24)));
  }

  @Test
  void are_read_each_from_its_own_setting() {
    assertThat(
            read(
                "token_lifespans: {access_token_lifespan: 2m, refresh_token_lifespan: 3h,"
                    + " auth_code_lifespan: 4m}\nrefresh: {absolute_lifetime: 5h, grace: 6s,"
                    + " replay_window: 7h}"))
        .isEqualTo(
            new Lifespans(
                Duration.ofMinutes(2),
                Duration.ofHours(3),
                Duration.ofMinutes(4),
                Duration.ofHours(5),
                Duration.ofSeconds(6),
                Duration.ofHours(7)));
    assertThat(found()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "token_lifespans,access_token_lifespan,1m,24h",
    "token_lifespans,refresh_token_lifespan,1h,720h",
    "token_lifespans,auth_code_lifespan,30s,10m",
    "refresh,absolute_lifetime,1h,8760h",
    "refresh,grace,0s,10m",
    "refresh,replay_window,0s,720h"
  })
  void are_bounded_and_the_bounds_are_allowed(
      String section, String field, String least, String most) {
    read("%s: {%s: %s}".formatted(section, field, least));
    read("%s: {%s: %s}".formatted(section, field, most));
    assertThat(found()).isEmpty();
    read("%s: {%s: %s}".formatted(section, field, most + "1ms"));
    assertThat(found())
        .containsExactly("%s.%s must be between %s and %s".formatted(section, field, least, most));
  }

  @ParameterizedTest
  @CsvSource({
    "token_lifespans,access_token_lifespan,59s,1m,24h",
    "token_lifespans,refresh_token_lifespan,59m,1h,720h",
    "token_lifespans,auth_code_lifespan,29s,30s,10m",
    "refresh,absolute_lifetime,59m,1h,8760h"
  })
  void are_refused_below_their_bound(
      String section, String field, String value, String least, String most) {
    read("%s: {%s: %s}".formatted(section, field, value));
    assertThat(found())
        .containsExactly("%s.%s must be between %s and %s".formatted(section, field, least, most));
  }

  @Test
  void are_durations() {
    read("refresh: {grace: 5 minutes}");
    assertThat(found()).containsExactly("refresh.grace must be a duration such as 1h30m or 90s");
  }

  @Test
  void have_no_replay_window_where_only_the_grace_counts() {
    assertThat(read("refresh: {replay: grace, replay_window: 5h}").replayWindow()).isZero();
  }

  @Test
  void know_two_words_for_replay() {
    read("refresh: {replay: never}");
    assertThat(found()).containsExactly("refresh.replay must be one of grace, window");
  }
}
