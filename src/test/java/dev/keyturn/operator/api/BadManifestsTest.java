package dev.keyturn.operator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.operator.api.BadManifests.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the definitions refuse, and what they accept, as far as that can be found without an API
 * server; {@link ApiServerIT} asks one.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class BadManifestsTest {
  private static final SchemaVerdicts VERDICTS = new SchemaVerdicts();

  private static List<Row> created() {
    return BadManifests.rows("strict", "schema", "cel");
  }

  private static List<Row> updated() {
    return BadManifests.rows("update");
  }

  private static List<Path> good() {
    return BadManifests.good();
  }

  @ParameterizedTest
  @MethodSource("created")
  void a_bad_manifest_is_refused(Row row) {
    assertThat(VERDICTS.onCreate(row.manifest())).containsExactlyInAnyOrder(row.messages());
  }

  @ParameterizedTest
  @MethodSource("updated")
  void a_bad_change_is_refused(Row row) {
    assertThat(VERDICTS.onUpdate(row.manifest(), BadManifests.good(row.good())))
        .containsExactlyInAnyOrder(row.messages());
  }

  @Test
  void what_a_later_door_refuses_passes_this_one() {
    assertThat(BadManifests.rows("webhook", "condition"))
        .allSatisfy(row -> assertThat(VERDICTS.onCreate(row.manifest())).isEmpty());
  }

  @ParameterizedTest
  @MethodSource("good")
  void a_good_manifest_is_accepted(Path file) {
    assertThat(VERDICTS.onCreate(BadManifests.good(file))).isEmpty();
  }

  @Test
  void every_field_stands_in_a_good_manifest() {
    var absent = new TreeSet<String>();
    for (var crd : Crd.all()) {
      crd.places().stream()
          .map(Crd.Place::path)
          .filter(path -> path.startsWith("spec."))
          .filter(path -> good().stream().noneMatch(file -> has(BadManifests.good(file), path)))
          .forEach(absent::add);
    }
    assertThat(absent).isEmpty();
  }

  private static boolean has(JsonNode value, String path) {
    if (path.isEmpty()) {
      return !value.isMissingNode();
    }
    var rest = path.replaceFirst("^(\\[]|\\{}|\\.?[A-Za-z0-9]+)", "");
    if (path.startsWith("[") || path.startsWith("{")) {
      return Crd.list(value).stream().anyMatch(below -> has(below, rest));
    }
    var name = path.substring(0, path.length() - rest.length()).replace(".", "");
    return has(value.path(name), rest);
  }

  @Test
  void every_rule_refuses_something_in_the_table() {
    var said = Stream.concat(created().stream(), updated().stream()).map(Row::message).toList();
    var silent = new TreeSet<String>();
    for (var crd : Crd.all()) {
      for (var place : crd.places()) {
        place.rules().stream()
            .map(rule -> rule.path("message").asText())
            .filter(message -> said.stream().noneMatch(text -> isSaid(text, message)))
            .forEach(message -> silent.add(place.path() + ": " + message));
      }
    }
    assertThat(silent).isEmpty();
  }

  /** Whether a line ends in a message, or in one that was computed in its place. */
  private static boolean isSaid(String text, String message) {
    return text.endsWith(": " + message)
        || text.contains(
            ": " + message.replaceAll(" (goes with|must not name) .*", "") + " is missing")
        || text.contains(message.replaceAll(" must not name .*", "."));
  }

  @Test
  void every_door_is_known() {
    assertThat(BadManifests.rows().map(Row::door))
        .isSubsetOf("strict", "schema", "cel", "update", "webhook", "condition");
  }

  @Test
  void no_manifest_stands_twice() {
    assertThat(
            BadManifests.rows().map(row -> row.door() + row.good() + row.place() + row.written()))
        .doesNotHaveDuplicates();
  }
}
