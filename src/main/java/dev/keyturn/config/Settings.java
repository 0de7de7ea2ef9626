package dev.keyturn.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.keyturn.config.Catalogue.Field;
import dev.keyturn.config.Catalogue.Kind;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One mapping of the configuration, read field by field.
 *
 * <p>A wrong value becomes a finding that names the setting, and a placeholder is returned, so that
 * reading goes on; {@link #build} makes a record only from a mapping without mistakes. Fields that
 * were never asked for are reported by {@link #refuseUnknown}.
 */
public final class Settings {
  private static final URI NO_URI = URI.create("https://invalid.example");

  private final String path;
  private final JsonNode node;
  private final Path folder;
  private final Findings findings;
  private final Catalogue catalogue;
  private final Map<String, List<Settings>> children = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private Settings(
      String path, JsonNode node, Path folder, Findings findings, Catalogue catalogue) {
    this.path = path;
    this.node = node;
    this.folder = folder;
    this.findings = findings;
    this.catalogue = catalogue;
  }

  /**
   * Reads a whole document.
   *
   * @param folder what relative file names are relative to
   */
  public static Settings parse(String text, Path folder, Findings findings) {
    return new Settings("", Document.parse(text, findings), folder, findings, new Catalogue());
  }

  /** The path of a field as the operator wrote it. */
  public String name(String field) {
    return path.isEmpty() ? field : path + "." + field;
  }

  public Findings findings() {
    return findings;
  }

  /** Every field that was asked for anywhere in this document so far. */
  public Catalogue catalogue() {
    return catalogue;
  }

  /** Adds a mistake in {@code field}. */
  public void refuse(String field, String message) {
    findings.error(name(field), message);
  }

  /** Whether {@code field} is there, empty or not. */
  public boolean has(String field) {
    return !find(field).isMissingNode();
  }

  /** Whether {@code field} is a text, for settings that may be a word or a mapping. */
  public boolean isText(String field) {
    return find(field).isTextual();
  }

  /**
   * Whether {@code field} is written down and holds nothing, for settings where that is not the
   * same as leaving it out.
   */
  public boolean isEmpty(String field) {
    var value = find(field);
    return node.has(field)
        && (value.isMissingNode()
            || isBlank(value)
            || (value.isContainerNode() && value.isEmpty()));
  }

  /** The text of {@code field}; an empty text counts as left out. */
  public Optional<String> text(String field) {
    note(field, Kind.TEXT);
    var value = find(field);
    if (value.isMissingNode() || isBlank(value)) {
      return Optional.empty();
    }
    if (!value.isTextual()) {
      refuse(field, "must be text: put it in quotes");
      return Optional.empty();
    }
    return Optional.of(value.textValue());
  }

  public String text(String field, String otherwise) {
    var value = text(field).orElse(otherwise);
    catalogue.note(entry(field, Kind.TEXT).or(otherwise));
    return value;
  }

  /** The text of {@code field}, which must be there. */
  public String required(String field) {
    var value = text(field);
    catalogue.note(entry(field, Kind.TEXT).mandatory());
    if (value.isEmpty() && (!has(field) || find(field).isTextual())) {
      refuse(field, "is missing");
    }
    return value.orElse("");
  }

  /** One of a few words. */
  public String word(String field, String otherwise, Set<String> words) {
    var value = text(field, otherwise);
    catalogue.note(entry(field, Kind.WORD).or(otherwise).oneOf(words));
    if (!words.contains(value)) {
      refuse(field, "must be one of " + String.join(", ", words.stream().sorted().toList()));
      return otherwise;
    }
    return value;
  }

  public boolean flag(String field, boolean otherwise) {
    catalogue.note(entry(field, Kind.FLAG).or(String.valueOf(otherwise)));
    var value = find(field);
    if (!value.isMissingNode() && !value.isBoolean()) {
      refuse(field, "must be true or false");
    }
    return value.isBoolean() ? value.booleanValue() : otherwise;
  }

  /** A whole number within bounds. */
  public int number(String field, int otherwise, int least, int most) {
    catalogue.note(
        entry(field, Kind.NUMBER)
            .or(String.valueOf(otherwise))
            .between(String.valueOf(least), String.valueOf(most)));
    var value = find(field);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.canConvertToInt() || !value.isIntegralNumber()) {
      refuse(field, "must be a whole number");
      return otherwise;
    }
    if (value.intValue() < least || value.intValue() > most) {
      refuse(field, "must be between " + least + " and " + most);
      return otherwise;
    }
    return value.intValue();
  }

  /** A duration such as {@code 1h30m} within bounds. */
  public Duration duration(String field, Duration otherwise, Duration least, Duration most) {
    catalogue.note(
        entry(field, Kind.DURATION)
            .or(GoDuration.print(otherwise))
            .between(GoDuration.print(least), GoDuration.print(most)));
    var given = find(field);
    if (given.isMissingNode() || isBlank(given)) {
      return otherwise;
    }
    var value = GoDuration.parse(given.isTextual() ? given.textValue() : "");
    if (value.isEmpty()) {
      refuse(field, "must be a duration such as 1h30m or 90s");
      return otherwise;
    }
    if (value.get().compareTo(least) < 0 || value.get().compareTo(most) > 0) {
      refuse(
          field, "must be between " + GoDuration.print(least) + " and " + GoDuration.print(most));
      return otherwise;
    }
    return value.get();
  }

  /** A list of texts; a field that is left out is an empty list. */
  public List<String> texts(String field) {
    return texts(field, text -> true, "");
  }

  /**
   * A list of texts, each of which must be {@code fine}.
   *
   * @param complaint of each that is not; it is in the list nevertheless
   */
  public List<String> texts(String field, Predicate<String> fine, String complaint) {
    note(field, Kind.TEXTS);
    var value = find(field);
    var texts = new ArrayList<String>();
    if (!value.isMissingNode() && !value.isArray()) {
      refuse(field, "must be a list");
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      var text = value.get(i).asText();
      if (!value.get(i).isTextual() || text.isBlank()) {
        refuse(field + "[" + i + "]", "must be text: put it in quotes");
        continue;
      }
      if (!fine.test(text)) {
        refuse(field + "[" + i + "]", complaint);
      }
      texts.add(text);
    }
    return List.copyOf(texts);
  }

  /** A mapping of names to texts. */
  public Map<String, String> map(String field) {
    note(field, Kind.TEXT_MAP);
    var value = find(field);
    var map = new LinkedHashMap<String, String>();
    if (!value.isMissingNode() && !value.isObject()) {
      refuse(field, "must be a mapping");
      return map;
    }
    for (var entry : value.properties()) {
      if (entry.getValue().isTextual()) {
        map.put(entry.getKey(), entry.getValue().textValue());
      } else {
        refuse(field + "." + entry.getKey(), "must be text: put it in quotes");
      }
    }
    return map;
  }

  /** An absolute http or https URL without a fragment. */
  public Optional<URI> url(String field) {
    note(field, Kind.URL);
    return text(field).flatMap(text -> url(field, text));
  }

  /** An absolute http or https URL, which must be there. */
  public URI requiredUrl(String field) {
    catalogue.note(entry(field, Kind.URL).mandatory());
    var text = required(field);
    return text.isEmpty() ? NO_URI : url(field, text).orElse(NO_URI);
  }

  private Optional<URI> url(String field, String text) {
    try {
      var uri = new URI(text);
      var usable = uri.getHost() != null && uri.getRawFragment() == null;
      if (usable && Set.of("http", "https").contains(String.valueOf(uri.getScheme()))) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException | NumberFormatException e) {
      // The finding says what would be right; the parser's words would not.
    }
    refuse(field, "must be an absolute URL such as https://example.com/path");
    return Optional.empty();
  }

  /** What relative file names are relative to. */
  public Path folder() {
    return folder;
  }

  /** A file, relative to the folder that was given. */
  public Optional<Path> file(String field) {
    note(field, Kind.FILE);
    return text(field).flatMap(text -> path(field, text));
  }

  /** A file or folder that is {@code otherwise} where it is left out. */
  public Path file(String field, String otherwise) {
    var path = file(field).orElse(folder.resolve(otherwise));
    catalogue.note(entry(field, Kind.FILE).or(otherwise));
    return path;
  }

  /** Files, relative to the folder that was given. */
  public List<Path> files(String field) {
    var texts = texts(field);
    note(field, Kind.FILES);
    var files = new ArrayList<Path>();
    for (int i = 0; i < texts.size(); i++) {
      path(field + "[" + i + "]", texts.get(i)).ifPresent(files::add);
    }
    return List.copyOf(files);
  }

  private Optional<Path> path(String field, String text) {
    try {
      return Optional.of(folder.resolve(text));
    } catch (InvalidPathException e) {
      refuse(field, "is not a file name");
      return Optional.empty();
    }
  }

  /** Where a secret is, by {@code <field>_file} or {@code <field>_env_var}. */
  public Optional<SecretRef> secret(String field) {
    var file = file(field + "_file");
    var variable = text(field + "_env_var");
    if (file.isPresent() && variable.isPresent()) {
      refuse(field + "_env_var", "must not be given together with " + field + "_file");
    }
    return file.<SecretRef>map(path -> new SecretRef.File(name(field + "_file"), path))
        .or(() -> variable.map(name -> new SecretRef.Variable(name(field + "_env_var"), name)));
  }

  /** The mapping {@code field}; an empty one if it is left out. */
  public Settings child(String field) {
    note(field, Kind.MAPPING);
    var value = find(field);
    if (!value.isMissingNode() && !value.isObject()) {
      refuse(field, "must be a mapping");
    }
    var known = children.get(field);
    if (known != null) {
      return known.get(0);
    }
    var child =
        new Settings(
            name(field),
            value.isObject() ? value : JsonNodeFactory.instance.objectNode(),
            folder,
            findings,
            catalogue);
    children.put(field, List.of(child));
    return child;
  }

  /** The mappings of the list {@code field}. */
  public List<Settings> children(String field) {
    var known = children.get(field);
    if (known != null) {
      return known;
    }
    note(field, Kind.MAPPINGS);
    var value = find(field);
    if (!value.isMissingNode() && !value.isArray()) {
      refuse(field, "must be a list");
    }
    var list = new ArrayList<Settings>();
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      if (value.get(i).isObject()) {
        list.add(
            new Settings(name(field) + "[" + i + "]", value.get(i), folder, findings, catalogue));
      } else {
        refuse(field + "[" + i + "]", "must be a mapping");
      }
    }
    children.put(field, list);
    return list;
  }

  /** Reads {@code field} of each mapping of a list by {@code read}; broken ones are left out. */
  public <T> List<T> list(String field, Function<Settings, Optional<T>> read) {
    return children(field).stream().map(read).flatMap(Optional::stream).toList();
  }

  /**
   * Makes a record, unless this mapping has mistakes; the record may find one more, in words that
   * begin with the name of the field.
   */
  public <T> Optional<T> build(Supplier<T> maker) {
    var prefix = path.isEmpty() ? "" : path;
    if (findings.errors().stream().anyMatch(error -> isUnder(error.setting(), prefix))) {
      return Optional.empty();
    }
    try {
      return Optional.of(maker.get());
    } catch (IllegalArgumentException e) {
      complain(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  /** A complaint that begins with the name of one of our fields is about that field. */
  private void complain(String message) {
    var words = message.split(" ", 2);
    if (words.length == 2 && asked.contains(words[0])) {
      refuse(words[0], words[1]);
    } else {
      findings.error(path, message);
    }
  }

  /** Reports every field that nobody asked for, with the nearest one that exists. */
  public void refuseUnknown() {
    for (var field : node.properties()) {
      if (!asked.contains(field.getKey())) {
        var nearest = Nearest.to(field.getKey(), asked);
        refuse(
            field.getKey(),
            "is unknown" + nearest.map(name -> ": did you mean " + name + "?").orElse(""));
      }
    }
    children.values().forEach(list -> list.forEach(Settings::refuseUnknown));
  }

  private void note(String field, Kind kind) {
    catalogue.note(entry(field, kind));
  }

  private Field entry(String field, Kind kind) {
    return Field.of(Catalogue.general(name(field)), kind);
  }

  private JsonNode find(String field) {
    asked.add(field);
    var value = node.get(field);
    return value == null || value.isNull() ? MissingNode.getInstance() : value;
  }

  private static boolean isBlank(JsonNode value) {
    return value.isTextual() && value.textValue().isBlank();
  }

  private static boolean isUnder(String setting, String prefix) {
    return prefix.isEmpty()
        || setting.equals(prefix)
        || setting.startsWith(prefix + ".")
        || setting.startsWith(prefix + "[");
  }
}
