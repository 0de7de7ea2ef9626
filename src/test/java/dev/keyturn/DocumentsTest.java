package dev.keyturn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What the documents name is there. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DocumentsTest {
  private static final Path ROOT = Path.of("");
  private static final List<String> WITH_CLASSES =
      List.of("docs/protocol.md", "docs/architecture.md", "SECURITY.md");
  private static final Pattern CLASS = Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)`");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Set<String> ELSEWHERE = Set.of("target", "node_modules", ".git");

  @Test
  void every_class_that_is_named_exists() {
    assertThat(WITH_CLASSES)
        .allSatisfy(document -> assertThat(unknown(document, classes())).isEmpty());
  }

  @Test
  void classes_are_named() {
    assertThat(WITH_CLASSES)
        .allSatisfy(document -> assertThat(found(CLASS, text(document))).hasSizeGreaterThan(10));
  }

  @Test
  void every_relative_link_leads_somewhere() {
    assertThat(documents()).allSatisfy(document -> assertThat(broken(document)).isEmpty());
  }

  @Test
  void there_are_documents() {
    assertThat(documents()).contains(Path.of("README.md"), Path.of("docs/protocol.md"));
  }

  private static List<String> unknown(String document, Set<String> known) {
    return found(CLASS, text(document)).stream().filter(name -> !known.contains(name)).toList();
  }

  private static List<String> broken(Path document) {
    var folder = ROOT.resolve(document).toAbsolutePath().getParent();
    return found(LINK, text(document.toString())).stream()
        .filter(link -> !link.matches("(https?:|mailto:|#).*"))
        .filter(link -> !Files.exists(folder.resolve(link.replaceAll("#.*", ""))))
        .toList();
  }

  private static List<Path> documents() {
    return walk(ROOT)
        .filter(file -> file.toString().endsWith(".md"))
        .filter(file -> Stream.of(file.toString().split("/")).noneMatch(ELSEWHERE::contains))
        .toList();
  }

  private static Set<String> classes() {
    return Stream.of("src/main/java", "src/test/java")
        .flatMap(folder -> walk(Path.of(folder)))
        .map(file -> file.getFileName().toString())
        .filter(name -> name.endsWith(".java"))
        .map(name -> name.substring(0, name.length() - ".java".length()))
        .collect(Collectors.toSet());
  }

  private static Stream<Path> walk(Path folder) {
    try (var files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map((MatchResult result) -> result.group(1))
        .collect(Collectors.toSet());
  }

  private static String text(String document) {
    try {
      return Files.readString(ROOT.resolve(document));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
