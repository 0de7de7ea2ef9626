package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9110, section 12.5.4, and RFC 4647, section 3.4. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LanguageWishTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                            | en",
        "fr                            | en",
        "de                            | de",
        "DE-at                         | de",
        "ja-Jpan-JP                    | ja",
        "fr, ja, de                    | ja",
        "en;q=0.2, de;q=0.8, ja;q=0.5  | de",
        "fr;q=1.0, ja ; q=0.001        | ja",
        "de;q=0, *                     | en",
        "en;q=0, *                     | de",
        "de;q=0                        | en",
        "en;q=0, de;q=0, ja;q=0        | en",
        "*                             | en",
        "de;q=2, ja;q=0.1              | ja",
        "de;q=, de;level=1, d€, ja     | ja",
        ",,;,-,                        | en",
      })
  void the_best_language_is_chosen(String header, String chosen) {
    assertThat(LanguageWish.accepted(header).among(Language.all()).tag()).isEqualTo(chosen);
  }

  @Test
  void the_sixteenth_wish_is_heard() {
    assertThat(chosen("xx,".repeat(15) + "de")).isEqualTo("de");
  }

  @Test
  void the_seventeenth_is_not() {
    assertThat(chosen("xx,".repeat(16) + "de")).isEqualTo("en");
  }

  @ParameterizedTest
  @CsvSource({"ja, ja", "fr-CA ja-JP, ja", "fr, de", "'', de", "d€ <b>, de"})
  void what_the_client_asks_for_comes_first(String locales, String chosen) {
    var wish = LanguageWish.accepted("de").preferring(locales);
    assertThat(wish.among(Language.all()).tag()).isEqualTo(chosen);
  }

  @Test
  void no_wish_is_english() {
    assertThat(LanguageWish.NONE.among(Language.all()).tag()).isEqualTo("en");
  }

  private static String chosen(String header) {
    return LanguageWish.accepted(header).among(Language.all()).tag();
  }
}
