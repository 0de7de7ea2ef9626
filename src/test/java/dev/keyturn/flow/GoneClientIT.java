package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client that deletes its record.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7592#section-2.3">RFC 7592, section 2.3</a>
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GoneClientIT {
  private static final String CALLBACK = "http://127.0.0.1:33418/callback";
  private static final String TOKEN = "initial-0123456789abcdef012345678";

  private static Flow flow;

  private final JsonObject record = register();
  private final McpClient client = new McpClient(flow, record.getString("client_id"), CALLBACK);
  private final Answer tokens = client.connect(flow.alice());

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    var token = Files.writeString(folder.resolve("token"), TOKEN);
    flow =
        Flow.started(
            Plan.USUAL.with("registration: {initial_access_token_file: \"" + token + "\"}"));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private static JsonObject register() {
    var metadata = new JsonObject().put("redirect_uris", JsonArray.of(CALLBACK));
    return new JsonObject(
        new Wire()
            .postJson(
                flow.url("/oauth/register"),
                Map.of("Authorization", "Bearer " + TOKEN),
                metadata.encode())
            .body());
  }

  private void delete() {
    var answer =
        new Wire()
            .send(
                "DELETE",
                URI.create(record.getString("registration_client_uri")),
                Map.of("Authorization", "Bearer " + record.getString("registration_access_token")),
                "");
    assertThat(answer.status()).isEqualTo(204);
    flow.clock().forward(Duration.ofSeconds(2));
  }

  @Test
  void calls_tools_until_then() {
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  void calls_no_tool_afterwards() {
    client.call(tokens.text("access_token"));
    delete();
    var answer = client.call(tokens.text("access_token"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.header("WWW-Authenticate").orElse("")).contains("error=\"invalid_token\"");
  }

  @Test
  void refreshes_no_more() {
    delete();
    var answer = client.refresh(tokens.text("refresh_token"));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.text("error")).isEqualTo("invalid_client");
  }

  @Test
  void opens_no_userinfo() {
    delete();
    var answer =
        new Wire()
            .send(
                "GET",
                flow.url("/oauth/userinfo"),
                Map.of("Authorization", "Bearer " + tokens.text("access_token")),
                "");
    assertThat(answer.status()).isEqualTo(401);
  }

  @Test
  void ends_at_a_page_with_its_next_link() {
    delete();
    var page = flow.alice().consentPage(client.authorize());
    assertThat(page.status()).isEqualTo(400);
    assertThat(page.header("Location")).isEmpty();
  }
}
