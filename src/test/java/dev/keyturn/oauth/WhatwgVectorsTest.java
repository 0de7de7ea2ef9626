package dev.keyturn.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * What browsers once said about texts that look like redirect URIs; {@link WhatwgUrlIT} asks about
 * many more, and writes these down.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class WhatwgVectorsTest {
  private static List<WhatwgVerdict> verdicts() throws IOException {
    try (var file = WhatwgVectorsTest.class.getResourceAsStream("whatwg.jsonl")) {
      return new String(file.readAllBytes(), UTF_8).lines().map(WhatwgVerdict::of).toList();
    }
  }

  @Test
  void whatever_is_accepted_means_the_same_to_a_browser() throws IOException {
    assertThat(verdicts().stream().filter(WhatwgVerdict::isAccepted))
        .hasSizeGreaterThan(80)
        .allSatisfy(WhatwgVerdict::requireSameMeaning);
  }

  @Test
  void numbers_in_disguise_are_not_accepted() throws IOException {
    assertThat(
            verdicts().stream()
                .filter(verdict -> verdict.text().matches("(?i)https?://2130706433\\b.*")))
        .isNotEmpty()
        .noneMatch(WhatwgVerdict::isAccepted);
  }
}
