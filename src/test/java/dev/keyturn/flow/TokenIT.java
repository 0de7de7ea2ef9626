package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Flow;
import dev.keyturn.given.McpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** Codes and refresh tokens: what an honest client may do, and what a thief may not. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TokenIT {
  private static final Duration CACHED = Duration.ofSeconds(3);
  private static Flow flow;

  private McpClient client;
  private Answer handed;

  @BeforeAll
  static void start() {
    flow = Flow.started();
  }

  @AfterAll
  static void stop() {
    flow.close();
  }

  @BeforeEach
  void log_in() {
    client = flow.client();
    handed = flow.alice().logIn(client.authorize());
  }

  @Test
  void two_parallel_refreshes_get_the_same_successor() {
    var first = refreshToken(client.redeem(handed));
    var answers =
        IntStream.range(0, 2)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.refresh(first)))
            .toList();
    assertThat(answers.stream().map(CompletableFuture::join).map(TokenIT::refreshToken).distinct())
        .hasSize(1)
        .doesNotContain(first);
  }

  @Test
  void a_client_that_lost_the_answer_gets_the_same_one_again() {
    var first = refreshToken(client.redeem(handed));
    var second = refreshToken(client.refresh(first));
    assertThat(refreshToken(client.refresh(first))).isEqualTo(second);
  }

  @Test
  void the_token_before_the_previous_one_is_refused() {
    var first = refreshToken(client.redeem(handed));
    client.refresh(refreshToken(client.refresh(first)));
    assertThat(client.refresh(first).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void the_token_before_the_previous_one_kills_the_newest_one() {
    var first = refreshToken(client.redeem(handed));
    var third = refreshToken(client.refresh(refreshToken(client.refresh(first))));
    client.refresh(first);
    assertThat(client.refresh(third).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void the_token_before_the_previous_one_kills_the_access_token_too() {
    var first = refreshToken(client.redeem(handed));
    var newest = client.refresh(refreshToken(client.refresh(first)));
    var works = client.call(newest.text("access_token")).status();
    client.refresh(first);
    flow.clock().forward(CACHED);
    assertThat(works).isEqualTo(200);
    assertThat(client.call(newest.text("access_token")).status()).isEqualTo(401);
  }

  @Test
  void reuse_of_a_refresh_token_is_audited() {
    var first = refreshToken(client.redeem(handed));
    client.refresh(refreshToken(client.refresh(first)));
    client.refresh(first);
    await().untilAsserted(() -> assertThat(flow.outcomes()).contains("reused"));
  }

  @Test
  void the_previous_token_is_refused_when_its_successor_was_used_and_the_grace_is_over() {
    var first = refreshToken(client.redeem(handed));
    var second = refreshToken(client.refresh(first));
    var third = refreshToken(client.refresh(second));
    client.refresh(third);
    flow.clock().forward(Duration.ofSeconds(61));
    assertThat(client.refresh(second).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_code_redeemed_twice_is_refused() {
    client.redeem(handed);
    assertThat(client.redeem(handed).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_code_redeemed_twice_kills_the_refresh_token_that_it_started() {
    var tokens = client.redeem(handed);
    client.redeem(handed);
    assertThat(client.refresh(refreshToken(tokens)).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_code_redeemed_twice_kills_the_access_token_that_it_started() {
    var tokens = client.redeem(handed);
    var works = client.call(tokens.text("access_token")).status();
    client.redeem(handed);
    flow.clock().forward(CACHED);
    assertThat(works).isEqualTo(200);
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(401);
  }

  @Test
  void of_ten_parallel_redemptions_none_leaves_a_live_session() {
    var answers =
        IntStream.range(0, 10)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> client.redeem(handed)))
            .toList()
            .stream()
            .map(CompletableFuture::join)
            .toList();
    var given = answers.stream().filter(answer -> answer.status() == 200).toList();
    assertThat(given).hasSizeLessThanOrEqualTo(1);
    assertThat(given.stream().map(TokenIT::refreshToken).map(client::refresh))
        .allMatch(answer -> answer.status() == 400);
  }

  @Test
  void a_thief_without_the_verifier_cannot_end_the_session() {
    var tokens = client.redeem(handed);
    var stolen = client.redemption(handed.handed("code")).with("code_verifier", "w".repeat(43));
    assertThat(client.token(stolen).text("error")).isEqualTo("invalid_grant");
    assertThat(client.refresh(refreshToken(tokens)).status()).isEqualTo(200);
  }

  @Test
  void a_wrong_verifier_does_not_cost_the_code() {
    var form = client.redemption(handed.handed("code"));
    client.token(form.with("code_verifier", "w".repeat(43)));
    assertThat(client.token(form).status()).isEqualTo(200);
  }

  @Test
  void a_code_is_of_no_use_to_another_client() {
    var other = McpClient.registered(flow, "http://127.0.0.1:1/other");
    assertThat(other.redeem(handed).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_refresh_token_is_of_no_use_to_another_client() {
    var other = McpClient.registered(flow, "http://127.0.0.1:1/other");
    var token = refreshToken(client.redeem(handed));
    assertThat(other.refresh(token).text("error")).isEqualTo("invalid_grant");
    assertThat(client.refresh(token).status()).isEqualTo(200);
  }

  @Test
  void a_code_ends_after_ten_minutes() {
    flow.clock().forward(Duration.ofMinutes(11));
    assertThat(client.redeem(handed).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_wider_scope_needs_a_new_login() {
    var form = client.refreshment(refreshToken(client.redeem(handed)));
    assertThat(client.token(form.with("scope", "openid mcp:tools email")).text("error"))
        .isEqualTo("invalid_scope");
  }

  @Test
  void another_resource_needs_a_new_login() {
    var form = client.refreshment(refreshToken(client.redeem(handed)));
    assertThat(client.token(form.with("resource", "https://other.example")).text("error"))
        .isEqualTo("invalid_target");
  }

  @Test
  void an_answer_with_tokens_is_never_kept_by_a_cache() {
    assertThat(client.redeem(handed).header("Cache-Control")).contains("no-store");
  }

  private static String refreshToken(Answer answer) {
    return answer.text("refresh_token");
  }
}
