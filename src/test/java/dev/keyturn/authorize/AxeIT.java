package dev.keyturn.authorize;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Patience;
import dev.keyturn.given.RightToLeft;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pages before axe-core: WCAG 2 A and AA, best practices, contrast of 7:1. What they look like
 * in a language that is written from right to left is left in {@code target/screenshots}.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AxeIT {
  private static final Path NODE = Path.of("src/test/node");
  private static final String CHROMIUM =
      System.getenv().getOrDefault("CHROMIUM", "/usr/bin/chromium");
  private static final Path SHOTS = Path.of("target/screenshots").toAbsolutePath();
  private static final String URL_LINE = "MCP URL: ";

  private static final List<String> MORE =
      List.of(
          "/unavailable",
          "/broken",
          "/back",
          "/waiting",
          "/account",
          "/account-empty",
          "/account-login",
          "/choose",
          "/link-start",
          "/link-login",
          "/link-confirm",
          "/link-refused",
          "/link-away",
          "/logout-ask",
          "/logout-done",
          "/logout-forgotten",
          "/logout-stayed",
          "/logout-foreign");

  @TempDir private Path folder;

  @Test
  void every_page_is_accessible_in_every_language() throws Exception {
    requireMeans();
    var demo = startDemo();
    try (var pages = GivenPages.of(GivenPages.STRANGER)) {
      var judged =
          start(
              NODE,
              "axe",
              Stream.of("node", "axe.mjs", "--chromium", CHROMIUM),
              Stream.of(
                  "--mcp",
                  url(demo),
                  "--more",
                  more(pages),
                  "--shots",
                  SHOTS.toString(),
                  "--shots-of",
                  RightToLeft.TAG));
      try {
        assertThat(judged.waitFor(1200, SECONDS)).as(() -> "ended: " + output("axe")).isTrue();
        assertThat(judged.exitValue()).as(() -> output("axe")).isZero();
        assertThat(SHOTS.resolve("more-consent-" + RightToLeft.TAG + "-dark-320.png"))
            .isNotEmptyFile();
      } finally {
        judged.destroyForcibly();
      }
    } finally {
      demo.destroy();
      demo.waitFor(Patience.SECONDS, Patience.UNIT);
    }
  }

  /** Pages that the demo cannot be brought to show, and a language that it does not know. */
  private static String more(GivenPages pages) {
    var addresses = new ArrayList<String>();
    for (var path : MORE) {
      for (var language : List.of("en", "de", "ja", RightToLeft.TAG)) {
        addresses.add(pages.url(path) + "?ui_locales=" + language);
      }
    }
    addresses.add(pages.url("/consent") + "?ui_locales=" + RightToLeft.TAG);
    return String.join(",", addresses);
  }

  private Process startDemo() throws IOException {
    var java = ProcessHandle.current().info().command().orElse("java");
    return start(
        folder,
        "demo",
        Stream.of(java, "-jar", Path.of(jar()).toAbsolutePath().toString()),
        Stream.of("demo", "--port", "0"));
  }

  private String url(Process demo) {
    Patience.await().until(() -> said("demo").isPresent() || !demo.isAlive());
    return said("demo").orElseThrow(() -> new AssertionError(output("demo")));
  }

  /** The URL, once its line has come to its end. */
  private Optional<String> said(String name) {
    return Pattern.compile(URL_LINE + "(\\S+)\\s")
        .matcher(output(name))
        .results()
        .findFirst()
        .map(line -> line.group(1));
  }

  private Process start(Path where, String name, Stream<String> command, Stream<String> arguments)
      throws IOException {
    return new ProcessBuilder(Stream.concat(command, arguments).toList())
        .directory(where.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  private String output(String name) {
    try {
      return Files.readString(folder.resolve(name + ".log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireMeans() {
    var missing = new ArrayList<String>();
    if (!Files.isRegularFile(Path.of(jar()))) {
      missing.add(jar());
    }
    if (!Files.isExecutable(Path.of(CHROMIUM))) {
      missing.add(CHROMIUM);
    }
    if (!Files.isDirectory(NODE.resolve("node_modules/axe-core"))) {
      missing.add("node_modules (npm ci in " + NODE + ")");
    }
    if (Stream.of(System.getenv("PATH").split(":", -1)).noneMatch(AxeIT::hasNode)) {
      missing.add("node");
    }
    var without = "not run without " + String.join(", ", missing);
    assertThat("true".equals(System.getenv("CI")) && !missing.isEmpty()).as(without).isFalse();
    Assumptions.assumeTrue(missing.isEmpty(), without);
  }

  private static boolean hasNode(String folder) {
    return Files.isExecutable(Path.of(folder, "node"));
  }

  private static String jar() {
    return System.getProperty("keyturn.jar", "target/keyturn.jar");
  }
}
