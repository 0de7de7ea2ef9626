package dev.keyturn.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SettingsTest {
  private final Findings findings = new Findings();

  private Settings read(String text) {
    return Settings.parse(text, Path.of("/etc/keyturn"), findings);
  }

  private List<String> found() {
    return findings.errors().stream().map(Finding::toString).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a:", "a: null", "a: ''", "a: ' '", "a: {}", "a: []"})
  void a_field_that_holds_nothing_is_told_from_one_that_is_left_out(String text) {
    assertThat(read(text).isEmpty("a")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"b: 1", "a: 0", "a: false", "a: x", "a: {b: c}", "a: [b]"})
  void a_field_that_is_left_out_or_holds_something_is_not_empty(String text) {
    assertThat(read(text).isEmpty("a")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"a: x,true", "a: {b: c},false", "a: 1,false", "b: x,false"})
  void a_word_is_told_from_a_mapping(String text, boolean word) {
    assertThat(read(text).isText("a")).isEqualTo(word);
  }

  @Nested
  class A_document {
    @ParameterizedTest
    @ValueSource(strings = {"a: x", "{\"a\": \"x\"}", "  {\"a\": \"x\"}", "---\na: 'x'\n"})
    void is_yaml_or_json(String text) {
      assertThat(read(text).required("a")).isEqualTo("x");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing", "[1]", "x", "null"})
    void is_a_mapping(String text) {
      read(text);
      assertThat(found())
          .containsExactly("the configuration must be a mapping of settings to values");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a: 1\na: 2",
          "{\"a\": 1, \"a\": 2}",
          "a: [",
          "{\"a\": ",
          "{\"a\": 1} x",
          "a: 1\n---\nb: 2",
          "a: \"\\q\"",
          "a: \u0001",
          "a:\n\t- x",
          "a: &x [1]\nb: *x",
          "a: *x",
        })
    void that_is_broken_or_ambiguous_is_one_finding(String text) {
      read(text);
      assertThat(found()).hasSize(1).allMatch(s -> s.startsWith("the configuration cannot be"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: [", "[1]"})
    void that_is_none_is_read_as_an_empty_one(String text) {
      assertThat(read(text).text("a")).isEmpty();
    }

    @Test
    void may_have_the_largest_size() {
      read("a: " + "x".repeat((1 << 20) - 3));
      assertThat(found()).isEmpty();
    }

    @Test
    void that_is_broken_names_the_place() {
      read("a: 1\nb: [1\n");
      assertThat(found().get(0)).matches("the configuration .*: line [0-9]+, column [0-9]+: .+");
    }

    @Test
    void has_a_bounded_size() {
      read("a: " + "x".repeat(1 << 20));
      assertThat(found().get(0)).contains("larger than 1048576 characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void has_a_bounded_depth(String open) {
      read("{\"a\": " + open.repeat(100_000));
      assertThat(found()).hasSize(1);
      read("a: " + "[".repeat(1000) + "]".repeat(1000));
      assertThat(found()).hasSize(2);
    }
  }

  @Nested
  class Text {
    @ParameterizedTest
    @ValueSource(strings = {"a: ''", "a: '  '", "a:", "a: null", "b: x"})
    void that_is_empty_counts_as_left_out(String text) {
      assertThat(read(text).text("a", "otherwise")).isEqualTo("otherwise");
      assertThat(found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 1", "a: true", "a: 0x1F", "a: [x]", "a: {x: y}", "a: 1.5"})
    void must_be_in_quotes_if_it_looks_otherwise(String text) {
      read(text).text("a");
      assertThat(found()).containsExactly("a must be text: put it in quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: ''", "a:", "b: x"})
    void that_is_required_is_missed(String text) {
      read(text).required("a");
      assertThat(found()).containsExactly("a is missing");
    }

    @Test
    void of_another_kind_is_told_once() {
      read("a: 1").required("a");
      assertThat(found()).containsExactly("a must be text: put it in quotes");
    }

    @Test
    void may_be_one_of_a_few_words() {
      assertThat(read("a: x").word("a", "y", Set.of("x", "y"))).isEqualTo("x");
      assertThat(read("a: z").word("a", "y", Set.of("x", "y"))).isEqualTo("y");
      assertThat(found()).containsExactly("a must be one of x, y");
    }
  }

  @Nested
  class A_number {
    @ParameterizedTest
    @CsvSource({"a: 1, 1", "a: 9, 9", "b: 1, 5", "a: 0x9, 9"})
    void is_read(String text, int number) {
      assertThat(read(text).number("a", 5, 1, 9)).isEqualTo(number);
      assertThat(found()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"a: 0", "a: 10", "a: '5'", "a: 5.0", "a: 99999999999", "a: x", "a: [5]"})
    void that_is_wrong_is_refused(String text) {
      assertThat(read(text).number("a", 5, 1, 9)).isEqualTo(5);
      assertThat(found()).hasSize(1).allMatch(finding -> finding.startsWith("a must be "));
    }
  }

  @Nested
  class A_flag {
    @Test
    void is_read() {
      assertThat(read("a: true").flag("a", false)).isTrue();
      assertThat(read("b: 1").flag("a", true)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: 'true'", "a: 1", "a: [true]"})
    void that_is_wrong_is_refused(String text) {
      assertThat(read(text).flag("a", true)).isTrue();
      assertThat(found()).containsExactly("a must be true or false");
    }
  }

  @Nested
  class A_duration {
    private Duration duration(String text) {
      var minute = Duration.ofMinutes(1);
      return read(text).duration("a", minute, minute, Duration.ofHours(1));
    }

    @Test
    void is_read() {
      assertThat(duration("a: 90s")).isEqualTo(Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "a: 61m|a must be between 1m and 1h",
          "a: 59s|a must be between 1m and 1h",
          "a: 1d|a must be a duration such as 1h30m or 90s",
          "a: 90|a must be a duration such as 1h30m or 90s",
        })
    void that_is_wrong_is_refused(String text, String complaint) {
      assertThat(duration(text)).isEqualTo(Duration.ofMinutes(1));
      assertThat(found()).containsExactly(complaint);
    }
  }

  @Nested
  class A_list {
    @Test
    void is_read() {
      assertThat(read("a: [x, y]").texts("a")).containsExactly("x", "y");
      assertThat(read("b: 1").texts("a")).isEmpty();
    }

    @Test
    void names_each_that_is_not_fine_by_its_place_in_the_list() {
      read("a: [1, ok, other, ok, third]").texts("a", "ok"::equals, "must be ok");
      assertThat(found())
          .containsExactly(
              "a[0] must be text: put it in quotes", "a[2] must be ok", "a[4] must be ok");
    }

    @Test
    void names_the_wrong_element() {
      read("a: [x, 1, '']").texts("a");
      assertThat(found())
          .containsExactly(
              "a[1] must be text: put it in quotes", "a[2] must be text: put it in quotes");
    }

    @Test
    void must_be_a_list() {
      read("a: x").texts("a");
      assertThat(found()).containsExactly("a must be a list");
    }

    @Test
    void of_mappings_leaves_out_broken_ones() {
      var good = read("a: [{x: '1'}, {x: 2}]").list("a", e -> maker(e, e.text("x", "")));
      assertThat(good).containsExactly("1");
      assertThat(found()).containsExactly("a[1].x must be text: put it in quotes");
    }

    @Test
    void of_mappings_must_be_a_list() {
      assertThat(read("a: x").children("a")).isEmpty();
      assertThat(found()).containsExactly("a must be a list");
    }

    @Test
    void of_mappings_may_be_left_out() {
      assertThat(read("b: x").children("a")).isEmpty();
      assertThat(found()).isEmpty();
    }

    @Test
    void of_mappings_holds_mappings() {
      read("a: [x, {y: z}]").children("a").forEach(entry -> entry.text("y"));
      assertThat(found()).containsExactly("a[0] must be a mapping");
    }

    private java.util.Optional<String> maker(Settings entry, String text) {
      return entry.build(() -> text);
    }
  }

  @Nested
  class A_mapping {
    @Test
    void of_texts_is_read() {
      assertThat(read("a: {x: y}").map("a")).isEqualTo(Map.of("x", "y"));
    }

    @Test
    void of_texts_names_the_wrong_one() {
      read("a: {x: 1}").map("a");
      assertThat(found()).containsExactly("a.x must be text: put it in quotes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: x", "a: [x]", "a: 1"})
    void must_be_one(String text) {
      read(text).map("a");
      read(text).child("a");
      assertThat(found()).containsOnly("a must be a mapping").hasSize(2);
    }

    @Test
    void that_is_left_out_is_empty() {
      assertThat(read("b: 1").child("a").text("x")).isEmpty();
      assertThat(found()).isEmpty();
    }
  }

  @Nested
  class A_url {
    @Test
    void is_read() {
      assertThat(read("a: https://a.example/x").url("a"))
          .contains(URI.create("https://a.example/x"));
    }

    @Test
    void that_is_required_is_read() {
      assertThat(read("a: https://a.example/x").requiredUrl("a"))
          .isEqualTo(URI.create("https://a.example/x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a: /x", "a: 'ftp://a.example'", "a: 'https://a#b'", "a: 'x y'"})
    void that_is_none_is_refused(String text) {
      read(text).requiredUrl("a");
      assertThat(found())
          .containsExactly("a must be an absolute URL such as https://example.com/path");
    }

    @Test
    void that_is_required_is_missed() {
      read("b: x").requiredUrl("a");
      assertThat(found()).containsExactly("a is missing");
    }
  }

  @Nested
  class A_file {
    @Test
    void is_relative_to_the_configuration() {
      assertThat(read("a: x/y").file("a")).contains(Path.of("/etc/keyturn/x/y"));
      assertThat(read("a: [/x]").files("a")).containsExactly(Path.of("/x"));
    }

    @Test
    void of_an_impossible_name_is_refused() {
      read("a: \"x\\0y\"").file("a");
      read("a: [x, \"x\\0y\"]").files("a");
      assertThat(found()).containsExactly("a is not a file name", "a[1] is not a file name");
    }

    @Test
    void is_in_the_folder_that_was_given() {
      assertThat(read("a: x").folder()).isEqualTo(Path.of("/etc/keyturn"));
    }

    @Test
    void or_a_variable_holds_a_secret() {
      assertThat(read("s_file: x").secret("s"))
          .contains(new SecretRef.File("s_file", Path.of("/etc/keyturn/x")));
      assertThat(read("s_env_var: X").secret("s"))
          .contains(new SecretRef.Variable("s_env_var", "X"));
    }

    @Test
    void and_a_variable_together_are_refused() {
      read("s_file: x\ns_env_var: X").secret("s");
      assertThat(found()).containsExactly("s_env_var must not be given together with s_file");
    }
  }

  @Nested
  class A_record {
    @Test
    void is_not_made_from_mistakes() {
      var settings = read("a: {x: 1}, b: {}".replace(", ", "\n"));
      settings.child("a").text("x");
      assertThat(settings.child("a").build(() -> "made")).isEmpty();
      assertThat(settings.child("b").build(() -> "made")).contains("made");
    }

    @Test
    void may_find_one_more_mistake() {
      read("a: {}")
          .child("a")
          .build(
              () -> {
                throw new IllegalArgumentException("does not fit");
              });
      assertThat(found()).containsExactly("a does not fit");
    }

    @Test
    void may_find_a_mistake_in_a_field_that_was_read() {
      var settings = read("a: {x: y}").child("a");
      settings.text("x");
      settings.build(
          () -> {
            throw new IllegalArgumentException("x does not fit");
          });
      assertThat(found()).containsExactly("a.x does not fit");
    }

    @Test
    void of_a_similar_name_is_another_one() {
      var settings = read("a: {x: 1}\nab: {}");
      settings.child("a").text("x");
      assertThat(settings.child("ab").build(() -> "made")).contains("made");
    }
  }

  @Nested
  class An_unknown_field {
    @Test
    void is_told_with_the_nearest_known_one() {
      var settings = read("isuer: x\nother: {}");
      settings.text("issuer");
      settings.refuseUnknown();
      assertThat(found())
          .containsExactly("isuer is unknown: did you mean issuer?", "other is unknown");
    }

    @Test
    void is_found_at_every_depth() {
      var settings = read("a: {b: [{c: x, d: y}]}");
      settings.child("a").children("b").forEach(entry -> entry.text("c"));
      settings.refuseUnknown();
      assertThat(found()).containsExactly("a.b[0].d is unknown");
    }

    @Test
    void is_not_one_that_somebody_else_asked_for() {
      var settings = read("a: [{b: x, c: y}]");
      settings.children("a").forEach(entry -> entry.text("b"));
      settings.children("a").forEach(entry -> entry.text("c"));
      settings.refuseUnknown();
      assertThat(found()).isEmpty();
    }
  }

  @Nested
  class The_nearest_word {
    @ParameterizedTest
    @CsvSource({"prot, port", "issuer_ur, issuer_url", "ports, port", "sue, issue"})
    void is_the_one_that_was_meant(String word, String meant) {
      assertThat(Nearest.to(word, List.of("host", "pork", "port", "issue", "issuer_url")))
          .contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "xy", "something_else", "porxyz", "wxabcd", ""})
    void is_none_if_nothing_is_near(String word) {
      assertThat(Nearest.to(word, List.of("host", "port", "id", "pqrsabcd"))).isEmpty();
    }

    @Test
    void is_found_in_time_for_a_word_of_any_length() {
      assertThat(Nearest.to("x".repeat(1 << 20), List.of("host"))).isEmpty();
    }
  }

  @Test
  void a_secret_does_not_print() {
    assertThat(new Secret("hunter2")).hasToString("Secret[hidden]");
  }

  @Test
  void a_warning_is_no_error() {
    findings.warn("a", "is odd");
    assertThat(findings.hasErrors()).isFalse();
    assertThat(findings.warnings()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"a: 1m,1", "a: 3m,3", "a: 4m,2", "a: 59s,2", "b: 3m,2", "a: '',2"})
  void a_duration_is_within_its_bounds_which_are_allowed(String text, int minutes) {
    assertThat(
            read(text)
                .duration("a", Duration.ofMinutes(2), Duration.ofMinutes(1), Duration.ofMinutes(3)))
        .isEqualTo(Duration.ofMinutes(minutes));
  }

  @ParameterizedTest
  @CsvSource({"a: false,true,false", "a: true,false,true", "b: x,true,true", "b: x,false,false"})
  void a_flag_is_what_is_written_or_else_what_holds_otherwise(
      String text, boolean otherwise, boolean flag) {
    assertThat(read(text).flag("a", otherwise)).isEqualTo(flag);
  }

  @Test
  void a_document_that_is_too_large_is_read_as_an_empty_one() {
    assertThat(read("a: " + "x".repeat(1 << 20)).text("a")).isEmpty();
  }

  @Test
  void an_error_is_no_warning() {
    findings.error("a", "is wrong");
    findings.warn("b", "is odd");
    assertThat(findings.warnings()).extracting(Finding::setting).containsExactly("b");
    assertThat(findings.all()).extracting(Finding::setting).containsExactly("a", "b");
  }

  @Test
  void everything_read_complains_in_one_place() {
    assertThat(read("a: x").findings()).isSameAs(findings);
  }
}
