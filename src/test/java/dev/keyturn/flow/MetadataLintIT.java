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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The strictest readers of OAuth documents and answers read ours. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MetadataLintIT {
  @TempDir private static Path folder;
  private static Running demo;

  @BeforeAll
  static void start() {
    Node.required();
    demo = Jar.demo(folder);
  }

  @AfterAll
  static void stop() {
    if (demo != null) {
      demo.close();
    }
  }

  @Test
  void documents_challenges_refusals_and_a_session_satisfy_them() {
    assertThat(Node.run("lint-metadata.mjs", "--mcp", Jar.mcp(demo).toString()))
        .last()
        .asString()
        .contains("\"done\"");
  }
}
