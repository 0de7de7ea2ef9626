package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Plan;
import dev.keyturn.given.RecordingBackend;
import dev.keyturn.idp.Faults;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** The upstream token ends long before ours. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpstreamRefreshIT {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration NEARLY_OVER = LIFE.minusSeconds(10);
  private static final Duration OVER = LIFE.plusSeconds(1);
  private static RecordingBackend backend;
  private static Flow flow;

  private McpClient client;
  private String accessToken;

  @BeforeAll
  static void start() {
    backend = new RecordingBackend();
    flow = Flow.started(Plan.USUAL.before(backend.url()).withUpstreamTokensFor(LIFE));
  }

  @AfterAll
  static void stop() {
    flow.close();
    backend.close();
  }

  @BeforeEach
  void connect() {
    client = flow.client();
    accessToken = client.connect(flow.alice()).text("access_token");
  }

  @AfterEach
  void mend() {
    flow.idp().behave(Faults.none());
  }

  @Test
  void a_token_that_is_over_is_refreshed_before_the_request_goes_on() {
    var old = injected();
    flow.clock().forward(OVER);
    assertThat(injected()).isNotEqualTo(old);
    assertThat(flow.idp().describe(injected())).isPresent();
  }

  @Test
  void a_token_that_is_still_good_is_used_again() {
    assertThat(injected()).isEqualTo(injected());
  }

  @Test
  void twenty_parallel_calls_refresh_once() {
    var refreshes = new AtomicInteger();
    flow.idp()
        .behave(
            Faults.idTokens(
                claims -> {
                  refreshes.incrementAndGet();
                  return claims;
                }));
    flow.clock().forward(OVER);
    var calls =
        IntStream.range(0, 20)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.call(accessToken)))
            .toList();
    assertThat(calls.stream().map(CompletableFuture::join).map(Answer::status)).containsOnly(200);
    assertThat(refreshes).hasValue(1);
  }

  @Test
  void a_refresh_that_the_provider_refuses_asks_for_a_new_login() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(OVER);
    var refused = client.call(accessToken);
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("WWW-Authenticate").orElseThrow())
        .contains("resource_metadata=", "error=\"invalid_token\"");
  }

  @Test
  void a_refusal_is_final_even_when_the_provider_thinks_better_of_it() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(OVER);
    client.call(accessToken);
    flow.idp().behave(Faults.none());
    assertThat(client.call(accessToken).status()).isEqualTo(401);
  }

  @Test
  void a_new_login_after_a_refusal_goes_on() {
    flow.idp().behave(Faults.refusedRefresh());
    flow.clock().forward(OVER);
    client.call(accessToken);
    flow.idp().behave(Faults.none());
    accessToken = client.connect(flow.alice()).text("access_token");
    assertThat(client.call(accessToken).status()).isEqualTo(200);
  }

  @Test
  void while_the_provider_is_away_the_old_token_goes_on_as_long_as_it_lives() {
    var old = injected();
    flow.idp().behave(Faults.outage());
    flow.clock().forward(NEARLY_OVER);
    assertThat(injected()).isEqualTo(old);
  }

  @Test
  void when_the_old_token_is_over_too_the_client_is_told_when_to_come_back() {
    flow.idp().behave(Faults.outage());
    flow.clock().forward(OVER);
    var refused = client.call(accessToken);
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("Retry-After").orElseThrow()).matches("[1-9][0-9]*");
    assertThat(refused.header("WWW-Authenticate")).isEmpty();
  }

  @Test
  void after_the_outage_the_same_session_goes_on() {
    flow.idp().behave(Faults.outage());
    flow.clock().forward(OVER);
    client.call(accessToken);
    flow.idp().behave(Faults.none());
    flow.clock().forward(Duration.ofSeconds(1)); // As the provider has asked for.
    assertThat(client.call(accessToken).status()).isEqualTo(200);
  }

  /** The upstream token that a call brings to the backend. */
  private String injected() {
    assertThat(client.call(accessToken).status()).isEqualTo(200);
    return backend.last().get("Authorization").substring("Bearer ".length());
  }
}
