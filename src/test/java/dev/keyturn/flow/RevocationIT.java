package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Wire;
import dev.keyturn.user.Users;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** RFC 7009 and RFC 7662 at a whole server. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RevocationIT {
  private static Flow flow;

  private final McpClient client = McpClient.registered(flow, "http://127.0.0.1:33418/callback");
  private final Answer tokens = client.connect(flow.alice());

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  private Answer revoke(String token) {
    return new Wire()
        .post(flow.url("/oauth/revoke"), Form.of("client_id", client.id(), "token", token));
  }

  private static JsonObject introspect(String token) {
    var pair = ("portal:" + Flow.PORTAL_SECRET).getBytes(StandardCharsets.UTF_8);
    var answer =
        new Wire()
            .send(
                "POST",
                flow.url("/oauth/introspect"),
                Map.of(
                    "Content-Type",
                    "application/x-www-form-urlencoded",
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(pair)),
                Form.of("token", token).encoded());
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  private static JsonObject metadata() {
    return new JsonObject(
        new Wire().get(flow.url("/.well-known/oauth-authorization-server")).body());
  }

  @Test
  void a_revoked_refresh_token_ends_the_session_at_the_gateway_too() {
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
    assertThat(revoke(tokens.text("refresh_token")).status()).isEqualTo(200);
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
    assertThat(client.refresh(tokens.text("refresh_token")).text("error"))
        .isEqualTo("invalid_grant");
  }

  @Test
  void a_session_that_its_client_has_ended_is_listed_no_more() throws ParseException {
    var claims = GivenSessions.claims(tokens.text("access_token"));
    var person = claims.getSubject();
    var session = claims.getStringClaim("sid");
    var users = new Users(flow.store(), flow.clock());
    assertThat(done(users.find(person)).session(session)).isPresent();
    revoke(tokens.text("refresh_token"));
    await().untilAsserted(() -> assertThat(done(users.find(person)).session(session)).isEmpty());
  }

  @Test
  void a_revoked_access_token_leaves_the_session() {
    revoke(tokens.text("access_token"));
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
    var next = client.refresh(tokens.text("refresh_token"));
    assertThat(client.call(next.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  void a_client_is_told_nothing_of_the_tokens_of_others() {
    assertThat(introspect(tokens.text("access_token")).getBoolean("active")).isFalse();
  }

  @Test
  void the_metadata_names_both() {
    assertThat(metadata().getString("revocation_endpoint"))
        .isEqualTo(flow.url("/oauth/revoke").toString());
    assertThat(metadata().getString("introspection_endpoint"))
        .isEqualTo(flow.url("/oauth/introspect").toString());
    assertThat(metadata().getJsonArray("introspection_endpoint_auth_methods_supported"))
        .containsExactly("client_secret_basic");
  }
}
