package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Jar;
import dev.keyturn.given.Node;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Running;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The MCP SDKs of other people connect to the jar that people run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SdkIT {
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

  @ParameterizedTest
  @ValueSource(strings = {"sdk-v1.mjs", "sdk-v2.mjs"})
  void an_SDK_registers_logs_in_calls_the_tools_and_refreshes(String program) {
    assertThat(run(program)).last().asString().contains("\"done\"");
  }

  @Test
  void a_wrong_password_is_no_login() {
    var running =
        Node.start("sdk-v2.mjs", "--mcp", Jar.mcp(demo).toString(), "--password", "mistyped");
    assertThat(running.exit(Patience.SECONDS)).isEqualTo(1);
  }

  private static java.util.List<String> run(String program) {
    return Node.run(
        program, "--mcp", Jar.mcp(demo).toString(), "--user", "alice", "--password", "wonderland");
  }
}
