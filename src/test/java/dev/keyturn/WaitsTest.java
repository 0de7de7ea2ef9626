package dev.keyturn;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The tests wait with {@link dev.keyturn.given.Patience}: the machine may be busy with others. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class WaitsTest {
  private static final Path TESTS = Path.of("src/test/java/dev/keyturn");

  /** It swaps at a pace of its own. */
  private static final Path BENCH = TESTS.resolve("bench");

  /** What waits for others, this, and a measurement of what a store does while it is left alone. */
  private static final Set<String> OTHERS =
      Set.of("Patience.java", "WaitsTest.java", "StoreSize.java");

  /** Awaitility's own ten seconds, and waits of less than two minutes. */
  private static final Pattern HASTE =
      Pattern.compile(
          "org[.]awaitility[.]Awaitility|\\W[0-9]{1,2}, (TimeUnit[.])?SECONDS|setSoTimeout\\([0-9]"
              + "|Thread[.]sleep|@Timeout\\([0-9]{1,2}[),]");

  @Test
  void no_test_is_in_haste() throws IOException {
    try (var files = Files.walk(TESTS)) {
      assertThat(files.filter(WaitsTest::isInHaste)).isEmpty();
    }
  }

  private static boolean isInHaste(Path file) {
    var name = file.getFileName().toString();
    return name.endsWith(".java")
        && !file.startsWith(BENCH)
        && !OTHERS.contains(name)
        && HASTE.matcher(read(file)).find();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
