package dev.keyturn.operator.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.keyturn.given.KubeApi.Said;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What an API server says against an object, as tables of this project spell it.
 *
 * <p>Left out are the value, which it repeats, what it says twice, that it looks at no rules after
 * coarser mistakes, and how long a text may be, which versions say in different words.
 */
final class ApiServerSays {
  private static final Pattern UNKNOWN = Pattern.compile("unknown field \"[^\"]*\"");

  /** What follows from another complaint about the same field. */
  private static final Pattern REPEATS =
      Pattern.compile(
          "^some validation rules were not checked|^should be a non-negative integer$"
              + "|^Unsupported value: [^\"]");

  private static final String VALUE = "^Invalid value: (?:\"(?:[^\"\\\\]|\\\\.)*\"|[^:\"]+): ";

  private ApiServerSays() {}

  /** What is said; empty if the object was accepted. */
  static List<String> of(Said said) {
    return switch (said.status()) {
      case 200, 201 -> List.of();
      case 400 ->
          UNKNOWN
              .matcher(said.body().path("message").asText())
              .results()
              .map(MatchResult::group)
              .sorted()
              .toList();
      case 422 ->
          Crd.list(said.body().at("/details/causes")).stream()
              .filter(cause -> !REPEATS.matcher(message(cause)).find())
              .map(cause -> Complaint.of(field(cause), message(cause)).text())
              .distinct()
              .sorted()
              .toList();
      default -> List.of(said.status() + " " + said.body());
    };
  }

  private static String field(JsonNode cause) {
    return cause.path("field").asText().replace("<nil>", "");
  }

  private static String message(JsonNode cause) {
    return cause
        .path("message")
        .asText()
        .replaceFirst(VALUE, "")
        .replace("map[string]interface {}", "")
        .replaceFirst("^Too many: [0-9]+: ", "")
        .replaceFirst("^Too long: .*", "Too long");
  }
}
