package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Jar;
import dev.keyturn.given.Node;
import dev.keyturn.given.Running;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People at Chromium; what they see is left in {@code target/screenshots}. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class BrowserIT {
  @TempDir private static Path folder;
  private static Running demo;

  @BeforeAll
  static void start() {
    Node.required();
    Node.chromium();
    demo = Jar.demo(folder);
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "light",
        "dark",
        "narrow",
        "narrow-dark",
        "noscript",
        "keyboard",
        "deny",
        "back",
        "replay",
        "tabs"
      })
  void a_person_gets_through(String story) {
    var said =
        Node.run(
            "browser.mjs",
            "--mcp",
            Jar.mcp(demo).toString(),
            "--only",
            story,
            "--shots",
            Path.of("target/screenshots").toAbsolutePath().toString(),
            "--chromium",
            Node.chromium().toString());
    assertThat(said).last().asString().contains("\"done\"");
  }
}
