package dev.keyturn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ParametersTest {
  @ParameterizedTest
  @CsvSource({
    "a=b, b",
    "x=1&a=b&y=2, b",
    "a=b+c, b c",
    "a=b%20c%2Bd, b c+d",
    "a=%c3%BC, ü",
    "a=%F0%9F%94%91, 🔑",
    "a=b=c, b=c",
    "%61=b, b",
    "a=~._-*, ~._-*",
    "&&a=b&, b",
  })
  void decodes(String text, String value) {
    assertThat(Parameters.parse(text).find("a")).contains(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a=", "b=a", "A=b", "=b", "&"})
  void without_a_value_it_is_left_out(String text) {
    assertThat(Parameters.parse(text).find("a")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=%",
        "a=%4",
        "a=%4g",
        "a=%-1",
        "a=%+1",
        "a=%１１",
        "a=%C3",
        "a=%C0%80",
        "a=%ED%A0%80",
        "a=%FF",
        "%ZZ=a",
        "a=ü",
        "a=\uFFFD",
        "ü=a"
      })
  void refuses_what_is_not_strictly_encoded(String text) {
    assertThatThrownBy(() -> Parameters.parse(text)).hasMessageStartingWith("invalid_request");
  }

  @Test
  void refuses_a_repeated_parameter_and_names_it() {
    var repeated = Parameters.parse("a=1&scope=x&scope=x");
    assertThatThrownBy(repeated::requireSingle).hasMessageContaining("scope is repeated");
  }

  @Test
  void an_empty_repetition_is_one_too() {
    assertThat(Parameters.parse("a=&a=1").isRepeated("a")).isTrue();
  }

  @Test
  void a_name_that_cannot_be_printed_is_not() {
    var repeated = Parameters.parse("%0a=1&%0a=1");
    assertThatThrownBy(repeated::requireSingle).hasMessageContaining("(unprintable)");
  }

  @Test
  void resource_and_audience_may_be_repeated() {
    var parameters = Parameters.parse("resource=a&resource=&resource=b&audience=c&audience=d");
    assertThat(parameters.requireSingle().all("resource")).containsExactly("a", "b");
  }

  @Test
  void takes_a_hundred_parameters() {
    assertThat(Parameters.parse("a=1&".repeat(99) + "b=1").find("b")).isPresent();
  }

  @Test
  void refuses_a_hundred_and_one() {
    assertThatThrownBy(() -> Parameters.parse("a=1&".repeat(100) + "b=1"))
        .hasMessageContaining("more than 100");
  }

  @Test
  void a_required_one_is_missed_by_name() {
    assertThatThrownBy(() -> Parameters.NONE.required("code")).hasMessageContaining("code is miss");
  }

  @Test
  void prints_no_value() {
    assertThat(Parameters.parse("code=hunter2")).hasToString("[code]");
  }
}
