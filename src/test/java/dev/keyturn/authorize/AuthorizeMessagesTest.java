package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.UnusableDocument;
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
class AuthorizeMessagesTest {
  private static final PageTexts TEXTS = new PageTexts("authorize");

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
    for (var notice : Notice.values()) {
      Stream.of("title", "text", "again").map(notice::key).forEach(used::add);
    }
    for (var reason : LinkPage.Reason.values()) {
      Stream.of("title", "text").map(reason::key).forEach(used::add);
    }
    LinkAsking.WORDS.forEach(word -> used.add("link.button." + word));
    UnusableDocument.faults().forEach(fault -> used.add("document." + fault));
    ConsentPage.SCOPES_IN_WORDS.forEach(scope -> used.add("scope." + scope));
    assertThat(TEXTS.in("en").keySet()).isEqualTo(used);
  }

  @Test
  void no_text_hides_one_that_all_pages_share() {
    assertThat(TEXTS.in("en").keySet())
        .doesNotContainAnyElementsOf(new PageTexts("http").in("en").keySet());
  }
}
