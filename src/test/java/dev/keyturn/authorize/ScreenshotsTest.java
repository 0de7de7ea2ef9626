package dev.keyturn.authorize;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pictures in {@code docs/screenshots}, which {@link ScreenshotsIT} takes. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ScreenshotsTest {
  private static final Path FOLDER = Path.of("docs/screenshots");
  private static final long MOST = 4L * 1024 * 1024;

  static Stream<String> paths() {
    return GivenPages.paths().stream();
  }

  @ParameterizedTest
  @MethodSource("paths")
  void every_page_has_its_pictures(String path) {
    assertThat(views(path)).allSatisfy(file -> assertThat(FOLDER.resolve(file)).isNotEmptyFile());
  }

  @Test
  void there_is_no_picture_of_a_page_that_is_gone() {
    var known = new TreeSet<String>();
    GivenPages.paths().forEach(path -> views(path).forEach(known::add));
    assertThat(files().map(file -> file.getFileName().toString())).isSubsetOf(known);
  }

  @Test
  void together_they_are_small() {
    assertThat(files().mapToLong(ScreenshotsTest::size).sum()).isLessThan(MOST);
  }

  private static Stream<String> views(String path) {
    var name = path.substring(1).replace('/', '-').replace('_', '-');
    return Stream.of("light", "dark", "narrow").map(view -> name + "-" + view + ".png");
  }

  private static Stream<Path> files() {
    try (var files = Files.list(FOLDER)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
