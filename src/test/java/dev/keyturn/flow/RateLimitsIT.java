package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.Form;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever asks too often waits; nobody else does. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class RateLimitsIT {
  private static final int FLOOD = 10_000;

  private final Wire wire = new Wire();
  private Flow flow;

  @AfterEach
  void stop() {
    flow.close();
  }

  private void start(String limits) {
    flow = Flow.started(Plan.USUAL.with("rate_limits: {" + limits + "}"));
  }

  private Answer portal(String secret) {
    var pair = ("portal:" + secret).getBytes(StandardCharsets.UTF_8);
    return wire.send(
        "POST",
        flow.url("/oauth/token"),
        Map.of(
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair)),
        Form.of("grant_type", "refresh_token", "refresh_token", "none").encoded());
  }

  private Answer register(int port) {
    var metadata =
        new JsonObject()
            .put("redirect_uris", new JsonArray().add("http://127.0.0.1/flood/" + port))
            .put("token_endpoint_auth_method", "none");
    return wire.postJson(flow.url("/oauth/register"), Map.of(), metadata.encode());
  }

  @ParameterizedTest
  @CsvSource({
    "authorize_per_address, GET, /oauth/authorize",
    "consent_per_address, POST, /oauth/consent",
    "consent_per_address, GET, /oauth/account",
    "consent_per_address, POST, /oauth/account",
    "callback_per_address, GET, /oauth/callback",
    "par_per_address, POST, /oauth/par",
    "register_per_address, POST, /oauth/register",
    "register_per_address, GET, /oauth/register/x",
    "token_per_address, POST, /oauth/token"
  })
  void holds_at_its_endpoint(String limit, String method, String path) {
    start(limit + ": 2");
    var url = flow.url(path);
    for (int i = 0; i < 2; i++) {
      assertThat(wire.send(method, url, Map.of(), "").status()).isNotEqualTo(429);
    }
    var refused = wire.send(method, url, Map.of(), "");
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).contains("30");
    await().untilAsserted(() -> assertThat(flow.audited()).containsOnlyOnce("limit.reached"));
    flow.clock().forward(Duration.ofSeconds(30));
    assertThat(wire.send(method, url, Map.of(), "").status()).isNotEqualTo(429);
  }

  @Test
  void can_be_switched_off_together() {
    start("enabled: false, token_per_address: 1");
    for (int i = 0; i < 20; i++) {
      assertThat(wire.post(flow.url("/oauth/token"), Form.of()).status()).isEqualTo(400);
    }
  }

  @Test
  void can_be_switched_off_one_by_one() {
    start("token_per_address: 0, par_per_address: 1");
    for (int i = 0; i < 20; i++) {
      assertThat(wire.post(flow.url("/oauth/token"), Form.of()).status()).isEqualTo(400);
    }
    wire.post(flow.url("/oauth/par"), Form.of());
    assertThat(wire.post(flow.url("/oauth/par"), Form.of()).status()).isEqualTo(429);
  }

  @Test
  void secrets_are_not_guessed_for_long() {
    start("failed_authentications: 3");
    for (int i = 0; i < 3; i++) {
      assertThat(portal("guess " + i).status()).isEqualTo(401);
    }
    var refused = portal(Flow.PORTAL_SECRET);
    assertThat(refused.status()).isEqualTo(429);
    assertThat(refused.header("Retry-After")).contains("20");
    await()
        .untilAsserted(
            () ->
                assertThat(flow.audited())
                    .contains("client.refused")
                    .containsOnlyOnce("limit.reached"));
    flow.clock().forward(Duration.ofSeconds(20));
    assertThat(portal(Flow.PORTAL_SECRET).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_client_that_has_proven_itself_is_counted_for_itself() {
    start("token_per_client: 2");
    portal(Flow.PORTAL_SECRET);
    portal(Flow.PORTAL_SECRET);
    assertThat(portal(Flow.PORTAL_SECRET).status()).isEqualTo(429);
  }

  @Test
  void a_hosted_client_with_all_of_its_people_is_not_stopped_by_default() {
    start("");
    var client = flow.client();
    var tokens = client.connect(flow.alice());
    assertThat(tokens.status()).isEqualTo(200);
    var refused =
        IntStream.range(0, 1000)
            .mapToObj(i -> client.refresh("not one of ours"))
            .filter(answer -> answer.status() == 429)
            .count();
    assertThat(refused).isZero();
  }

  @Test
  void a_registration_flood_costs_the_store_next_to_nothing() {
    start("");
    var before = flow.store().size();
    flow.store().forget();
    var let = IntStream.range(0, FLOOD).filter(i -> register(i).status() != 429).count();
    assertThat(let).isEqualTo(60);
    assertThat(flow.store().size() - before).isLessThan(70);
    assertThat(flow.store().asked().size()).isLessThan(4 * 600);
  }

  @Test
  void a_login_still_works_while_somebody_floods_the_registration() {
    start("");
    var client = new McpClient(flow, "desk", "https://desk.example/callback");
    IntStream.range(0, 1000).forEach(this::register);
    assertThat(client.connect(flow.alice()).status()).isEqualTo(200);
  }
}
