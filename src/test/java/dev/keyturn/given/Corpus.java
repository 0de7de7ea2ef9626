package dev.keyturn.given;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The inputs that are kept for a fuzz target: seeds, what reached the farthest, and all that ever
 * broke it.
 */
public final class Corpus {
  private static final Path FOLDER = Path.of("src/test/resources/dev/keyturn/fuzz");

  private Corpus() {}

  /** The files kept for the target {@code name}. */
  public static Stream<Path> of(String name) {
    try (var files = Files.list(FOLDER.resolve(name))) {
      return List.copyOf(files.sorted().toList()).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
