package dev.keyturn.given;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The texts and templates of one package, as files. */
public record PageTexts(String concept) {
  private static final Pattern SLOT = Pattern.compile("\\{[^}]*}");
  private static final Pattern KEY_IN_TEMPLATE = key("texts\\s*\\.\\s*(?:of|parts)");
  private static final Pattern KEY_IN_JAVA = key("\\.(?:of|parts)");
  private static final Pattern MARKUP =
      Pattern.compile("\\{\\{.*?}}|\\{%.*?%}|\\{#.*?#}|<[^>]*>", Pattern.DOTALL);

  /** The languages that have a file here. */
  public List<String> languages() {
    return files("src/main/resources/dev/keyturn/" + concept, "messages_.*[.]properties").stream()
        .map(file -> file.getFileName().toString().replaceAll("messages_|[.]properties", ""))
        .toList();
  }

  /** The texts in a language. */
  public Map<String, String> in(String language) {
    var file =
        Path.of("src/main/resources/dev/keyturn", concept, "messages_" + language + ".properties");
    try (var reader = Files.newBufferedReader(file)) {
      var read = new Properties();
      read.load(reader);
      var texts = new TreeMap<String, String>();
      read.stringPropertyNames().forEach(key -> texts.put(key, read.getProperty(key)));
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The keys that templates and classes of the package name. */
  public Set<String> keysNamed() {
    var keys = new TreeSet<String>();
    templates().values().forEach(text -> keys.addAll(all(KEY_IN_TEMPLATE, text)));
    for (var file : files("src/main/java/dev/keyturn/" + concept, ".*[.]java")) {
      all(KEY_IN_JAVA, content(file)).stream().filter(key -> key.contains(".")).forEach(keys::add);
    }
    return keys;
  }

  /** The templates by their names. */
  public Map<String, String> templates() {
    return files("src/main/resources/dev/keyturn/" + concept, ".*[.]peb").stream()
        .collect(Collectors.toMap(file -> file.getFileName().toString(), PageTexts::content));
  }

  /** What is left of a template without markup and expressions. */
  public static String bare(String template) {
    return MARKUP.matcher(template).replaceAll(" ").strip();
  }

  /** Fails unless {@code language} has the keys of English, each with the same places. */
  public void requireLikeEnglish(String language) {
    var english = in("en");
    var texts = in(language);
    assertThat(texts.keySet()).isEqualTo(english.keySet());
    texts.forEach(
        (key, text) -> {
          assertThat(text).as(key).isNotBlank();
          assertThat(slots(text)).as(key).isEqualTo(slots(english.get(key)));
        });
  }

  private static List<String> slots(String text) {
    return SLOT.matcher(text).results().map(MatchResult::group).sorted().toList();
  }

  private static Pattern key(String before) {
    return Pattern.compile(before + "\\(\\s*\"([a-z][a-z0-9_.-]*[a-z])\"");
  }

  private static Set<String> all(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(hit -> hit.group(1)).collect(Collectors.toSet());
  }

  private static List<Path> files(String folder, String name) {
    try (var files = Files.list(Path.of(folder))) {
      return new ArrayList<>(
          files.filter(file -> file.getFileName().toString().matches(name)).sorted().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
