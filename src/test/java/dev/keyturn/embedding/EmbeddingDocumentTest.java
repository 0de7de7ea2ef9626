package dev.keyturn.embedding;

import static java.util.regex.Pattern.DOTALL;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What docs/embedding.md shows is what the tests compile and run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EmbeddingDocumentTest {
  private static final Path DOCUMENT = Path.of("docs/embedding.md");
  private static final Path SOURCES = Path.of("src/test/java/dev/keyturn/embedding");
  private static final Path YAML = Path.of("src/test/resources/dev/keyturn/embedding/keyturn.yaml");
  private static final Pattern SHOWN =
      Pattern.compile("<!-- example: (\\S+) -->\n```\\w+\n(.*?)```\n", DOTALL);
  private static final Pattern COMPILED =
      Pattern.compile("// example: (\\S+)\n(.*?)// end\n", DOTALL);

  private static Map<String, String> found(Pattern pattern, String text) {
    var found = new TreeMap<String, String>();
    pattern.matcher(text).results().forEach(part -> found.put(part.group(1), part.group(2)));
    return found;
  }

  /** Every example by its name, as it is in the files of the tests. */
  private static Map<String, String> examples() throws IOException {
    var examples = new TreeMap<String, String>();
    try (Stream<Path> files = Files.list(SOURCES)) {
      for (var file : files.toList()) {
        examples.putAll(found(COMPILED, Files.readString(file)));
      }
    }
    examples.put(YAML.getFileName().toString(), Files.readString(YAML));
    return examples;
  }

  @Test
  void the_document_shows_the_examples_as_they_are_run() throws IOException {
    assertThat(found(SHOWN, Files.readString(DOCUMENT))).isEqualTo(examples());
  }

  @Test
  void every_example_of_the_document_is_run() throws IOException {
    var document = Files.readString(DOCUMENT);
    assertThat(Pattern.compile("```(java|yaml)").matcher(document).results().count())
        .isEqualTo(examples().size());
  }

  @Test
  void the_examples_use_the_public_packages_only() throws IOException {
    for (var file : List.of("ExampleApplication.java", "ExampleVerticle.java")) {
      assertThat(Files.readString(SOURCES.resolve(file)))
          .doesNotContain("dev.keyturn.given")
          .startsWith("package dev.keyturn.embedding;");
    }
  }
}
