package dev.keyturn.logout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.PageTexts;
import dev.keyturn.http.Language;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LogoutMessagesTest {
  private static final PageTexts TEXTS = new PageTexts("logout");

  static Stream<String> languages() {
    return Language.all().stream().map(Language::tag);
  }

  @ParameterizedTest
  @MethodSource("languages")
  void every_language_has_every_text_with_the_same_places(String language) {
    TEXTS.requireLikeEnglish(language);
  }

  @Test
  void every_text_is_used_and_every_text_that_is_used_exists() {
    Set<String> used = new TreeSet<>(TEXTS.keysNamed());
    for (var told : LogoutPages.Told.values()) {
      Stream.of("title", "text", "again").map(told::key).forEach(used::add);
    }
    assertThat(TEXTS.in("en").keySet()).isEqualTo(used);
  }
}
