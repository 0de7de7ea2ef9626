package dev.keyturn.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The fields that a configuration may have, written down by {@link Settings} while they are read.
 *
 * <p>Documentation and schema are made of it, so they say what the reader does and nothing else.
 */
public final class Catalogue {
  private final Map<String, Field> fields = new TreeMap<>();

  /** What kind of value a field takes. */
  public enum Kind {
    TEXT,
    WORD,
    FLAG,
    NUMBER,
    DURATION,
    URL,
    FILE,
    TEXTS,
    FILES,
    TEXT_MAP,
    MAPPING,
    MAPPINGS
  }

  /**
   * One field.
   *
   * @param path as an operator writes it, with {@code []} for each entry of a list
   * @param otherwise what holds where it is left out
   * @param least the lower bound, as it is written
   * @param most the upper bound, as it is written
   * @param words the words that it may be; empty for any
   */
  public record Field(
      String path,
      Kind kind,
      boolean required,
      Optional<String> otherwise,
      Optional<String> least,
      Optional<String> most,
      List<String> words) {
    public Field {
      words = List.copyOf(words);
    }

    static Field of(String path, Kind kind) {
      return new Field(
          path, kind, false, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    Field mandatory() {
      return new Field(path, kind, true, otherwise, least, most, words);
    }

    Field or(String value) {
      return new Field(path, kind, required, Optional.of(value), least, most, words);
    }

    Field between(String lower, String upper) {
      return new Field(
          path, kind, required, otherwise, Optional.of(lower), Optional.of(upper), words);
    }

    Field oneOf(Collection<String> some) {
      return new Field(
          path, kind, required, otherwise, least, most, some.stream().sorted().toList());
    }
  }

  /** All fields by path. */
  public Collection<Field> fields() {
    return List.copyOf(fields.values());
  }

  /** Everything of another catalogue too, such as that of another example. */
  public Catalogue plus(Catalogue other) {
    other.fields.forEach((path, field) -> note(field));
    return this;
  }

  /** A later note of a field knows more than an earlier one that calls it plain text. */
  void note(Field field) {
    fields.merge(
        field.path(),
        field,
        (known, next) -> next.kind() == Kind.TEXT && known.kind() != Kind.TEXT ? known : next);
  }

  static String general(String path) {
    return path.replaceAll("\\[[0-9]+\\]", "[]");
  }
}
