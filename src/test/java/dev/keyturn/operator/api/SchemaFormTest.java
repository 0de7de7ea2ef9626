package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import dev.keyturn.operator.api.Crd.Place;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Every field of a definition says what it is, and ends somewhere: without a maximum an API server
 * reckons with the largest object there can be, and refuses the rule.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SchemaFormTest {
  /** The API server looks after these itself. */
  private static final Set<String> NOT_OURS = Set.of("apiVersion", "kind", "metadata");

  private static List<Place> places() {
    return Crd.all().stream()
        .flatMap(crd -> crd.places().stream())
        .filter(place -> !NOT_OURS.contains(place.path()) && !place.path().isEmpty())
        .toList();
  }

  private static List<String> breaking(Predicate<Place> rule) {
    return places().stream().filter(rule.negate()).map(Place::path).toList();
  }

  @Test
  void every_field_says_what_it_is() {
    assertThat(breaking(place -> place.schema().path("description").asText().endsWith(".")))
        .isEmpty();
  }

  @Test
  void every_text_ends_somewhere() {
    assertThat(
            breaking(
                place ->
                    !place.type().equals("string")
                        || place.schema().has("maxLength")
                        || place.schema().has("enum")))
        .isEmpty();
  }

  @Test
  void every_list_ends_somewhere_and_says_how_it_is_merged() {
    assertThat(
            breaking(
                place ->
                    !place.type().equals("array")
                        || (place.schema().has("maxItems")
                            && place.schema().has("x-kubernetes-list-type"))))
        .isEmpty();
  }

  @Test
  void every_map_ends_somewhere() {
    assertThat(
            breaking(
                place ->
                    !place.schema().has("additionalProperties")
                        || place.schema().has("maxProperties")))
        .isEmpty();
  }

  @Test
  void every_number_has_bounds() {
    assertThat(
            breaking(
                place ->
                    !place.type().equals("integer")
                        || (place.schema().has("minimum") && place.schema().has("maximum"))))
        .isEmpty();
  }

  @Test
  void every_schema_is_of_a_type_that_the_test_knows() {
    assertThat(breaking(place -> StructuralSchema.TYPES.contains(place.type()))).isEmpty();
  }

  @Test
  void every_rule_says_what_is_wrong_in_one_line() {
    var messages = places().stream().flatMap(place -> place.rules().stream()).toList();
    assertThat(messages)
        .extracting(rule -> rule.path("message").asText())
        .allMatch(message -> message.matches("[\\x20-\\x7E]{10,200}") && !message.endsWith("."));
  }

  @Test
  void a_flag_that_makes_things_unsafe_is_false_where_it_is_left_out() {
    assertThat(
            breaking(
                place ->
                    !place.name().matches("(insecure|allow[A-Z]|disable).*")
                        || !place.type().equals("boolean")
                        || place.schema().path("default").equals(BooleanNode.FALSE)))
        .isEmpty();
  }
}
