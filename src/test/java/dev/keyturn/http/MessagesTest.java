package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.keyturn.given.PageTexts;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MessagesTest {
  private static final PageTexts TEXTS = new PageTexts("http");
  private static final Messages SAMPLE = new Messages(Map.of("both", "a {1} b {0}"));

  static Stream<String> languages() {
    return Language.all().stream().map(Language::tag);
  }

  static Stream<String> templates() {
    return Stream.of("http", "authorize", "logout")
        .flatMap(concept -> new PageTexts(concept).templates().values().stream());
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "authorize", "logout"})
  void every_file_belongs_to_a_language_that_is_offered(String concept) {
    assertThat(new PageTexts(concept).languages())
        .containsExactlyInAnyOrderElementsOf(languages().toList());
  }

  @ParameterizedTest
  @MethodSource("languages")
  void every_language_has_every_text_with_the_same_places(String language) {
    TEXTS.requireLikeEnglish(language);
  }

  @Test
  void every_text_is_used_and_every_text_that_is_used_exists() {
    Set<String> used = new TreeSet<>(TEXTS.keysNamed());
    for (var plight : Refusals.Plight.values()) {
      Stream.of("title", "text", "again").map(plight::key).forEach(used::add);
    }
    assertThat(TEXTS.in("en").keySet()).isEqualTo(used);
  }

  @ParameterizedTest
  @MethodSource("templates")
  void no_template_says_anything_itself(String template) {
    assertThat(PageTexts.bare(template)).doesNotContainPattern("\\p{L}");
  }

  @Test
  void a_value_is_put_in_its_place() {
    assertThat(SAMPLE.of("both", "x")).isEqualTo("a {1} b x");
  }

  @Test
  void a_text_is_cut_in_the_order_of_its_language() {
    assertThat(SAMPLE.parts("both"))
        .containsExactly(
            new Messages.Part("a ", -1),
            new Messages.Part("", 1),
            new Messages.Part(" b ", -1),
            new Messages.Part("", 0),
            new Messages.Part("", -1));
  }

  @Test
  void a_text_that_does_not_exist_is_a_fault() {
    assertThatIllegalArgumentException().isThrownBy(() -> SAMPLE.of("neither"));
  }
}
