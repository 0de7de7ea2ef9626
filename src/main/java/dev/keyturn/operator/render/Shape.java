package dev.keyturn.operator.render;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * How the fields of one mapping of a resource and the settings of one mapping of the run
 * configuration belong together.
 *
 * <p>Both directions follow it: a value goes to the setting, and what is found wrong with the
 * setting is said of the field.
 */
record Shape(List<Row> rows) {
  Shape {
    rows = List.copyOf(rows);
  }

  /** What becomes of a field. */
  enum Kind {
    /** The value is the same. */
    COPY,
    /** A reference to a Secret becomes the name of a file. */
    FILE,
    /** References to Secrets become names of files. */
    FILES,
    /** A reference to a ConfigMap becomes the name of a file. */
    CERTIFICATES,
    /** References to Secrets, of which the first one signs. */
    KEYS,
    /** A mapping, or the word {@code anyone}. */
    ALLOW,
    /** A mapping with a shape of its own. */
    PART,
    /** A list of such mappings. */
    PARTS,
    /** Known, and without a setting so far. */
    LATER,
    /** Written by the code that infers its value. */
    INFERRED,
    /** Nothing that a server is told. */
    OUTSIDE
  }

  /**
   * One field.
   *
   * @param setting its name in the run configuration, with dots where it lies deeper
   * @param inner the shape of what is below; empty for a plain value
   */
  record Row(String field, String setting, Kind kind, Optional<Shape> inner) {
    /** What lies below a setting of this row, as what lies below the field. */
    private String below(String rest) {
      return switch (kind) {
        case FILE, CERTIFICATES, LATER, INFERRED, OUTSIDE -> field;
        case KEYS -> field + keyAt(rest);
        case COPY, FILES -> field + rest;
        case ALLOW, PART, PARTS -> field + within(rest);
      };
    }

    private String within(String rest) {
      var end = rest.indexOf('.');
      var index = end < 0 ? rest : rest.substring(0, end);
      var found = inner.flatMap(shape -> end < 0 ? Optional.empty() : shape.field(rest, end + 1));
      return index + found.map(name -> "." + name).orElse("");
    }

    private static String keyAt(String rest) {
      var fallback = rest.replaceAll("^\\.fallback_key_files\\[([0-9]+)\\]$", "$1");
      if (!fallback.equals(rest)) {
        return "[" + (Integer.parseInt(fallback) + 1) + "]";
      }
      return rest.equals(".signing_key_file") ? "[0]" : "";
    }

    private boolean isAt(String path) {
      return path.equals(setting)
          || path.startsWith(setting + ".")
          || path.startsWith(setting + "[");
    }
  }

  /** The field that {@code setting} is written from, as far down as is known. */
  Optional<String> field(String setting) {
    return rows.stream()
        .filter(row -> !row.setting().isEmpty() && row.isAt(setting))
        .max(Comparator.comparingInt(row -> row.setting().length()))
        .map(row -> row.below(setting.substring(row.setting().length())));
  }

  private Optional<String> field(String path, int from) {
    return field(path.substring(from));
  }

  Optional<Row> row(String field) {
    return rows.stream().filter(row -> row.field().equals(field)).findFirst();
  }

  /** Every row here and below. */
  Stream<Row> all() {
    return rows.stream()
        .flatMap(row -> Stream.concat(Stream.of(row), row.inner().stream().flatMap(Shape::all)));
  }

  static Shape of(Consumer<Builder> rows) {
    var builder = new Builder();
    rows.accept(builder);
    return new Shape(builder.rows);
  }

  /** Collects rows. */
  static final class Builder {
    private final List<Row> rows = new ArrayList<>();

    private Builder() {}

    Builder copy(String field, String setting) {
      return plain(field, setting, Kind.COPY);
    }

    Builder file(String field, String setting) {
      return plain(field, setting, Kind.FILE);
    }

    Builder files(String field, String setting) {
      return plain(field, setting, Kind.FILES);
    }

    Builder later(String field) {
      return plain(field, "", Kind.LATER);
    }

    Builder plain(String field, String setting, Kind kind) {
      rows.add(new Row(field, setting, kind, Optional.empty()));
      return this;
    }

    Builder part(String field, String setting, Shape inner) {
      return nested(field, setting, Kind.PART, inner);
    }

    Builder parts(String field, String setting, Shape inner) {
      return nested(field, setting, Kind.PARTS, inner);
    }

    Builder nested(String field, String setting, Kind kind, Shape inner) {
      rows.add(new Row(field, setting, kind, Optional.of(inner)));
      return this;
    }
  }
}
