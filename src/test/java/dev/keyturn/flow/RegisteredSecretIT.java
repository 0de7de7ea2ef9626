package dev.keyturn.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** A hosted client registers, is given a secret, and proves itself by it. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RegisteredSecretIT {
  private static final String CALLBACK = "https://hosted.example/callback";

  private static Flow flow;

  private final Wire wire = new Wire();
  private final JsonObject record = register();
  private final McpClient client = new McpClient(flow, record.getString("client_id"), CALLBACK);

  @BeforeAll
  static void start() {
    flow =
        Flow.started(
            Plan.USUAL.with(
                """
                allow_confidential_client_registration: true
                insecure_allow_confidential_over_loopback_http: true
                """));
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private JsonObject register() {
    var metadata =
        new JsonObject()
            .put("redirect_uris", JsonArray.of(CALLBACK))
            .put("token_endpoint_auth_method", "client_secret_basic");
    return wire.postJson(flow.url("/oauth/register"), Map.of(), metadata.encode()).json();
  }

  private Answer token(Form form, String secret) {
    var pair = record.getString("client_id") + ":" + secret;
    return wire.send(
        "POST",
        flow.url("/oauth/token"),
        Map.of(
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8))),
        form.encoded());
  }

  private Form redemption() {
    return client.redemption(flow.alice().logIn(client.authorize()).handed("code"));
  }

  @Test
  void its_secret_brings_tokens_that_open_the_tool() {
    var tokens = token(redemption(), record.getString("client_secret"));
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    assertThat(client.call(tokens.text("access_token")).body()).contains("Alice Liddell");
  }

  @Test
  void nobody_redeems_its_code_without_the_secret() {
    assertThat(client.token(redemption()).text("error")).isEqualTo("invalid_client");
    assertThat(token(redemption(), "x".repeat(43)).text("error")).isEqualTo("invalid_client");
  }

  @Test
  void it_needs_pkce_all_the_same() {
    var request = client.request().without("code_challenge").without("code_challenge_method");
    var page = flow.alice().consentPage(client.authorize(request));
    assertThat(page.body()).contains("error=invalid_request");
  }

  @Test
  void its_methods_are_in_the_metadata() {
    var metadata = wire.get(flow.url("/.well-known/oauth-authorization-server")).json();
    assertThat(metadata.getJsonArray("token_endpoint_auth_methods_supported"))
        .contains("none", "client_secret_basic", "client_secret_post");
  }
}
