package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.RecordingBackend;
import dev.keyturn.given.Wire;
import dev.keyturn.idp.Faults;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The MCP server does not take the upstream token that it is given, although it should be good. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RejectedTokenIT {
  private static final Duration OLD = Duration.ofMinutes(6);
  private static RecordingBackend backend;
  private static Flow flow;

  private final Wire wire = new Wire();
  private McpClient client;
  private Answer tokens;

  @BeforeAll
  static void start() {
    backend = new RecordingBackend();
    flow =
        Flow.started(Plan.USUAL.before(backend.url()).withUpstreamTokensFor(Duration.ofHours(1)));
  }

  @AfterAll
  static void stop() {
    flow.close();
    backend.close();
  }

  @BeforeEach
  void connect() {
    client = flow.client();
    tokens = client.connect(flow.alice());
    assertThat(call().status()).isEqualTo(200);
  }

  @AfterEach
  void mend() {
    backend.refuse(credentials -> false);
    flow.idp().behave(Faults.none());
  }

  private Answer call() {
    return client.call(tokens.text("access_token"));
  }

  /** The provider has taken back the token that the last call brought. */
  private void revokeTheTokenInUse() {
    var revoked = backend.last().get("Authorization");
    backend.refuse(revoked::equals);
  }

  @Test
  void it_is_refreshed_and_the_request_is_repeated() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    assertThat(call().status()).isEqualTo(200);
    assertThat(backend.lastBody()).contains("whoami");
  }

  @Test
  void the_client_gets_no_challenge_while_the_token_is_young() {
    revokeTheTokenInUse();
    var before = backend.count();
    var refused = call();
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.header("WWW-Authenticate")).isEmpty();
    assertThat(backend.count()).isEqualTo(before + 1);
  }

  @Test
  void the_request_is_repeated_once() {
    flow.clock().forward(OLD);
    backend.refuse(credentials -> true);
    var before = backend.count();
    var refused = call();
    assertThat(refused.status()).isEqualTo(502);
    assertThat(refused.header("WWW-Authenticate")).isEmpty();
    assertThat(backend.count()).isEqualTo(before + 2);
  }

  @Test
  void a_server_that_refuses_everything_causes_one_refresh() {
    flow.clock().forward(OLD);
    backend.refuse(credentials -> true);
    call();
    var second = backend.last().get("Authorization");
    call();
    assertThat(backend.last().get("Authorization")).isEqualTo(second);
  }

  @Test
  void twenty_calls_at_once_cause_one_refresh() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    var calls =
        IntStream.range(0, 20).mapToObj(i -> CompletableFuture.supplyAsync(this::call)).toList();
    assertThat(calls.stream().map(CompletableFuture::join).map(Answer::status)).containsOnly(200);
    var now = backend.last().get("Authorization");
    assertThat(call().status()).isEqualTo(200);
    assertThat(backend.last().get("Authorization")).isEqualTo(now);
  }

  @Test
  void a_body_that_is_too_long_to_be_held_is_not_repeated() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    var before = backend.count();
    assertThat(post(70 * 1024).status()).isEqualTo(502);
    assertThat(backend.count()).isEqualTo(before + 1);
  }

  @Test
  void a_body_that_is_just_short_enough_arrives_whole_the_second_time() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    assertThat(post(64 * 1024).status()).isEqualTo(200);
    assertThat(backend.lastBody()).hasSize(64 * 1024);
  }

  @Test
  void a_long_body_arrives_whole() {
    assertThat(post(300 * 1024).status()).isEqualTo(200);
    assertThat(backend.lastBody()).hasSize(300 * 1024);
  }

  @Test
  void a_grant_that_the_provider_took_back_asks_for_a_new_login() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    flow.idp().behave(Faults.refusedRefresh());
    assertThat(call().header("WWW-Authenticate").orElseThrow()).contains("invalid_token");
    assertThat(client.refresh(tokens.text("refresh_token")).text("error"))
        .isEqualTo("invalid_grant");
  }

  @Test
  void a_provider_that_is_away_meanwhile_is_told_to_come_back_to() {
    flow.clock().forward(OLD);
    revokeTheTokenInUse();
    flow.idp().behave(Faults.outage());
    var refused = call();
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After")).isPresent();
  }

  private Answer post(int bytes) {
    return wire.postJson(
        flow.mcp(),
        Map.of("Authorization", "Bearer " + tokens.text("access_token")),
        "x".repeat(bytes));
  }
}
