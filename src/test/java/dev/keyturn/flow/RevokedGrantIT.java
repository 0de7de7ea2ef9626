package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.Node;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Plan;
import dev.keyturn.idp.Faults;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The MCP SDKs of other people, after the identity provider has revoked the grant. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RevokedGrantIT {
  private static final Duration LIFE = Duration.ofMinutes(5);

  @TempDir private Path folder;
  private Flow flow;

  @BeforeEach
  void start() {
    Node.required();
    flow = Flow.started(Plan.USUAL.withUpstreamTokensFor(LIFE));
  }

  @AfterEach
  void stop() {
    if (flow != null) {
      flow.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"sdk-v1.mjs", "sdk-v2.mjs"})
  void an_SDK_comes_to_a_new_login_by_itself(String program) throws IOException {
    var revoked = folder.resolve("revoked");
    var running =
        Node.start(
            program,
            "--mcp",
            flow.mcp().toString(),
            "--user",
            "alice",
            "--password",
            "wonderland",
            "--refreshes",
            "1",
            "--until",
            revoked.toString());
    running.line(line -> line.contains("\"waiting\""));
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(LIFE);
    Files.createFile(revoked);
    assertThat(running.exit(Patience.SECONDS)).as("%s", running.lines()).isZero();
    assertThat(running.lines())
        .anyMatch(line -> line.contains("asked-to-log-in"))
        .anyMatch(line -> line.contains("logged-in-again"));
  }
}
