package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.Plan;
import dev.keyturn.given.RecordingBackend;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The operator wants the MCP server to see no token at all. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StrippedTokensIT {
  private static RecordingBackend backend;
  private static Flow flow;

  @BeforeAll
  static void start() {
    backend = new RecordingBackend();
    flow =
        Flow.started(
            Plan.USUAL
                .before(backend.url())
                .with("disable_upstream_token_injection: true")
                .giving("{}"));
  }

  @AfterAll
  static void stop() {
    flow.close();
    backend.close();
  }

  @Test
  void the_backend_is_called_without_any_credential() {
    var client = flow.client();
    assertThat(client.call(client.connect(flow.alice()).text("access_token")).status())
        .isEqualTo(200);
    assertThat(backend.last().contains("Authorization")).isFalse();
  }
}
