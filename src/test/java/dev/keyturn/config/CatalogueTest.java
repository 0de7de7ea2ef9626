package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.config.Catalogue.Field;
import dev.keyturn.config.Catalogue.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class CatalogueTest {
  private final Findings findings = new Findings();

  private Settings settings(String yaml) {
    return Settings.parse(yaml, Path.of("/etc/keyturn"), findings);
  }

  /** The only field that is noted while {@code reader} reads a document without any. */
  private Field noted(Consumer<Settings> reader) {
    var settings = settings("{}");
    reader.accept(settings);
    assertThat(settings.catalogue().fields()).hasSize(1);
    return settings.catalogue().fields().iterator().next();
  }

  @Test
  void knows_the_text_that_holds_where_a_field_is_left_out() {
    assertThat(noted(settings -> settings.text("a", "b"))).isEqualTo(plain(Kind.TEXT).or("b"));
  }

  @Test
  void knows_what_is_required() {
    assertThat(noted(settings -> settings.required("a")).required()).isTrue();
    assertThat(noted(settings -> settings.text("a")).required()).isFalse();
  }

  @Test
  void knows_that_a_required_url_is_more_than_text() {
    assertThat(noted(settings -> settings.requiredUrl("a"))).isEqualTo(plain(Kind.URL).mandatory());
  }

  @Test
  void knows_the_words_of_a_field_in_their_order() {
    assertThat(noted(settings -> settings.word("a", "y", Set.of("z", "y", "x"))))
        .isEqualTo(plain(Kind.WORD).or("y").oneOf(List.of("x", "y", "z")));
  }

  @Test
  void knows_what_a_flag_is_otherwise() {
    assertThat(noted(settings -> settings.flag("a", true))).isEqualTo(plain(Kind.FLAG).or("true"));
  }

  @Test
  void knows_the_bounds_of_a_number() {
    assertThat(noted(settings -> settings.number("a", 2, 1, 3)))
        .isEqualTo(plain(Kind.NUMBER).or("2").between("1", "3"));
  }

  @Test
  void knows_the_bounds_of_a_duration() {
    var minute = Duration.ofMinutes(1);
    assertThat(
            noted(
                settings -> settings.duration("a", minute, Duration.ZERO, minute.multipliedBy(9))))
        .isEqualTo(plain(Kind.DURATION).or("1m").between("0s", "9m"));
  }

  @Test
  void knows_the_kind_of_everything_else() {
    assertThat(noted(settings -> settings.text("a")).kind()).isEqualTo(Kind.TEXT);
    assertThat(noted(settings -> settings.url("a")).kind()).isEqualTo(Kind.URL);
    assertThat(noted(settings -> settings.file("a")).kind()).isEqualTo(Kind.FILE);
    assertThat(noted(settings -> settings.files("a")).kind()).isEqualTo(Kind.FILES);
    assertThat(noted(settings -> settings.texts("a")).kind()).isEqualTo(Kind.TEXTS);
    assertThat(noted(settings -> settings.map("a")).kind()).isEqualTo(Kind.TEXT_MAP);
    assertThat(noted(settings -> settings.child("a")).kind()).isEqualTo(Kind.MAPPING);
    assertThat(noted(settings -> settings.children("a")).kind()).isEqualTo(Kind.MAPPINGS);
  }

  @Test
  void has_one_field_for_the_entries_of_a_list() {
    var settings = settings("a: [{b: c}, {b: d}]");
    settings.list("a", entry -> Optional.of(entry.required("b")));
    assertThat(settings.catalogue().fields()).extracting(Field::path).containsExactly("a", "a[].b");
  }

  @Test
  void is_one_for_the_whole_document() {
    var settings = settings("{}");
    settings.child("b").text("c");
    settings.text("a");
    assertThat(settings.catalogue().fields())
        .extracting(Field::path)
        .containsExactly("a", "b", "b.c");
  }

  @Test
  void keeps_what_it_knows_when_the_field_is_read_as_text_too() {
    assertThat(
            noted(
                settings -> {
                  settings.flag("a", true);
                  settings.text("a");
                }))
        .isEqualTo(plain(Kind.FLAG).or("true"));
  }

  @Test
  void learns_from_another() {
    var one = settings("{}");
    one.text("a");
    var other = settings("{}");
    other.text("b");
    assertThat(one.catalogue().plus(other.catalogue()).fields())
        .extracting(Field::path)
        .containsExactly("a", "b");
  }

  private static Field plain(Kind kind) {
    return Field.of("a", kind);
  }
}
