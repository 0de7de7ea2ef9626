package dev.keyturn.app;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The states of the keys of a running server, in columns that stay where they are.
 *
 * <p>What somebody else has told is printed without characters that move a cursor or hide others:
 * whoever answers must not be able to write to a terminal as he likes.
 */
record KeyTable(List<JsonObject> states) {
  private static final List<String> NEEDED = List.of("kind", "id", "state");
  private static final String UNPRINTABLE = "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]";
  private static final String NOTHING = "-";

  KeyTable {
    states = List.copyOf(states);
  }

  /** The member {@code keys} of {@code /readyz}; empty if it is something else. */
  static Optional<KeyTable> of(JsonArray keys) {
    var states =
        keys.stream()
            .filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .filter(state -> NEEDED.stream().allMatch(name -> state.getValue(name) != null))
            .map(KeyTable::printable)
            .toList();
    return states.size() == keys.size() ? Optional.of(new KeyTable(states)) : Optional.empty();
  }

  /** One line for each key, and one for the next change. */
  List<String> lines() {
    var next = nextChange().map(Instant::toString).orElse("none");
    return Stream.concat(
            states.stream().map(KeyTable::line), Stream.of("next change by time: " + next))
        .toList();
  }

  JsonArray json() {
    return new JsonArray(states);
  }

  private Optional<Instant> nextChange() {
    return states.stream()
        .map(state -> instant(text(state, "until")))
        .flatMap(Optional::stream)
        .min(Instant::compareTo);
  }

  private static String line(JsonObject state) {
    return "%-7s  %-43s  %-9s  %-9s  since %-24s  until %-24s  %-10s  %s"
        .formatted(
            text(state, "kind"),
            text(state, "id"),
            text(state, "algorithm"),
            text(state, "state"),
            text(state, "since"),
            text(state, "until"),
            Boolean.FALSE.equals(state.getValue("listed")) ? "not-listed" : "listed",
            text(state, "note"));
  }

  private static String text(JsonObject state, String member) {
    return Optional.ofNullable(state.getValue(member))
        .map(Object::toString)
        .filter(text -> !text.isEmpty())
        .orElse(NOTHING);
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** Only plain members, as text that leaves the terminal alone. */
  private static JsonObject printable(JsonObject state) {
    var clean = new JsonObject();
    state.forEach(
        member -> {
          if (member.getValue() instanceof Boolean flag) {
            clean.put(printable(member.getKey()), flag);
          } else if (member.getValue() instanceof String text) {
            clean.put(printable(member.getKey()), printable(text));
          }
        });
    return clean;
  }

  private static String printable(String text) {
    return text.replaceAll(UNPRINTABLE, "?");
  }
}
