package dev.keyturn.flow;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/**
 * Each habit of real clients that is documented has a test.
 *
 * <p>{@code -Dkeyturn.write=true} writes the tables of {@code docs/clients.md} anew.
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientQuirksTest {
  private static final Path TABLE =
      Path.of("src/test/resources/dev/keyturn/flow/client-quirks.psv");
  private static final Path DOCUMENT = Path.of("docs/clients.md");
  private static final String BEGIN = "<!-- habits -->\n";
  private static final String END = "<!-- end of habits -->\n";
  private static final String HEAD =
      "\n| What it does | What it is answered | What the person sees |\n|---|---|---|\n";

  private static List<String> lines() {
    return text(TABLE).lines().filter(line -> !line.startsWith("# ")).toList();
  }

  private static Stream<String> tests() {
    return lines().stream()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.split("\\|", -1))
        .peek(parts -> assertThat(parts).hasSize(4))
        .flatMap(parts -> Stream.of(parts[3].split(", ")));
  }

  @Test
  void each_has_tests_that_there_are() {
    assertThat(tests()).hasSizeGreaterThan(60).allSatisfy(ClientQuirksTest::requireTest);
  }

  @Test
  void each_is_documented() throws IOException {
    var document = text(DOCUMENT);
    var written =
        document.substring(0, document.indexOf(BEGIN) + BEGIN.length())
            + tables()
            + document.substring(document.indexOf(END));
    if (Boolean.getBoolean("keyturn.write")) {
      Files.writeString(DOCUMENT, written);
    }
    assertThat(text(DOCUMENT)).isEqualTo(written);
  }

  private static String tables() {
    return lines().stream()
            .map(
                line ->
                    line.startsWith("## ")
                        ? "\n#" + line + "\n" + HEAD
                        : "| "
                            + String.join(" | ", List.of(line.split("\\|")).subList(0, 3))
                            + " |\n")
            .collect(joining())
        + "\n";
  }

  private static void requireTest(String name) {
    var hash = name.indexOf('#');
    var method = " void " + name.substring(hash + 1) + "(";
    assertThat(sources(name.substring(0, hash)))
        .as(name)
        .anyMatch(source -> source.contains(method));
  }

  private static List<String> sources(String type) {
    try (var files = Files.walk(Path.of("src/test/java"))) {
      return files
          .filter(file -> file.endsWith(type + ".java"))
          .map(ClientQuirksTest::text)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
