package dev.keyturn.upstream;

import static dev.keyturn.given.Patience.await;
import static dev.keyturn.upstream.GivenUpstream.answer;
import static dev.keyturn.upstream.GivenUpstream.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.GivenUpstream.MovedClock;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class OidcRefreshTest {
  private final MovedClock clock = new MovedClock();
  private FakeOidc provider;
  private UpstreamOverBus upstream;
  private UpstreamLogin before;

  @BeforeEach
  void logIn(Vertx vertx) {
    provider = FakeOidc.start(vertx, clock);
    upstream = GivenUpstream.deploy(vertx, GivenUpstream.oidc(provider, "", ""), clock);
    await().pollInterval(Duration.ofMillis(5)).until(() -> Outcome.of(upstream.status()).ready());
    var code = provider.authorize(Outcome.of(upstream.begin(request())).location());
    before = Outcome.of(upstream.finish(answer(upstream, code)));
  }

  @Test
  void brings_a_new_access_token() {
    assertThat(refresh().accessToken()).isNotEqualTo(before.tokens().accessToken());
  }

  @Test
  void sends_the_refresh_token() {
    refresh();
    assertThat(provider.tokenForms.get(1).get("refresh_token"))
        .isEqualTo(before.tokens().refreshToken().orElseThrow());
  }

  @Test
  void names_the_scopes_again() {
    refresh();
    assertThat(provider.tokenForms.get(1).get("scope")).isEqualTo("openid offline_access");
  }

  @Test
  void brings_a_new_refresh_token() {
    assertThat(refresh().refreshToken()).isPresent().isNotEqualTo(before.tokens().refreshToken());
  }

  @Test
  void keeps_the_old_refresh_token_if_none_is_returned() {
    without("refresh_token");
    assertThat(refresh().refreshToken()).isEqualTo(before.tokens().refreshToken());
  }

  @Test
  void needs_no_id_token() {
    without("id_token");
    assertThat(refresh().idToken()).isEqualTo(before.tokens().idToken());
  }

  @Test
  void needs_no_nonce() {
    provider.claims = claims -> claims.claim("nonce", null);
    assertThat(refresh().accessToken()).startsWith("at-");
  }

  @Test
  void another_person_ends_it() {
    provider.claims = claims -> claims.subject("bob");
    assertThat(refusal()).isEqualTo(ErrorCode.INVALID_GRANT);
  }

  @Test
  void another_audience_proves_nothing() {
    provider.claims = claims -> claims.audience("other");
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void another_issuer_proves_nothing() {
    provider.claims = claims -> claims.issuer("https://other.example");
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void a_foreign_key_proves_nothing() {
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey("one"));
    assertThat(refusal()).isEqualTo(ErrorCode.SERVER_ERROR);
  }

  @Test
  void tokens_are_told_before_anything_of_them_is_judged() {
    provider.spelling = claims -> FakeOidc.signed(claims, FakeOidc.newKey("one"));
    assertThat(told()).isInstanceOf(RefreshAnswer.Redeemed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_grant",
    "403,invalid_grant",
    "200,bad_refresh_token",
    "200,token_revoked",
    "400,interaction_required"
  })
  void a_definite_no_ends_it(int status, String error) {
    says(status, error);
    assertThat(told()).isEqualTo(new RefreshAnswer.Refused());
  }

  @ParameterizedTest
  @CsvSource({
    "500,invalid_grant",
    "502,bad_gateway",
    "503,unavailable",
    "400,temporarily_unavailable"
  })
  void a_server_in_trouble_has_done_nothing(int status, String error) {
    says(status, error);
    assertThat(told()).isEqualTo(new RefreshAnswer.Away(Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"400,invalid_request", "403,access_denied", "400,no_idea", "200,no_idea"})
  void a_refusal_that_nobody_understands_is_about_this_token_alone(int status, String error) {
    says(status, error);
    assertThat(told()).isEqualTo(new RefreshAnswer.Unclear());
  }

  @Test
  void a_gateway_that_has_heard_nothing_cannot_know() {
    says(504, "timeout");
    assertThat(told()).isEqualTo(new RefreshAnswer.Lost());
  }

  @Test
  void too_many_requests_say_how_long_to_wait() {
    provider.headers = Map.of("Retry-After", "77");
    says(429, "slow_down");
    assertThat(told()).isEqualTo(new RefreshAnswer.Away(Optional.of(Duration.ofSeconds(77))));
  }

  @ParameterizedTest
  @CsvSource({"401,invalid_client", "400,unauthorized_client"})
  void a_client_that_is_not_known_is_told_from_a_token(int status, String error) {
    says(status, error);
    assertThat(told()).isEqualTo(new RefreshAnswer.ClientRefused());
  }

  @Test
  void an_answer_without_a_token_means_nothing() {
    without("access_token");
    assertThat(told()).isEqualTo(new RefreshAnswer.Unusable());
  }

  @Test
  void tokens_at_an_error_status_say_nothing() {
    provider.tokenStatus = 404;
    assertThat(told()).isEqualTo(new RefreshAnswer.Unclear());
  }

  @Test
  void a_connection_that_breaks_after_the_request_may_have_cost_the_token() {
    provider.cutAtToken = true;
    assertThat(told()).isEqualTo(new RefreshAnswer.Lost());
  }

  @Test
  void a_provider_that_cannot_be_reached_has_seen_nothing() {
    provider.stop();
    // We may not have heard yet that it has closed the connection of before.
    Patience.await()
        .untilAsserted(
            () -> assertThat(told()).isEqualTo(new RefreshAnswer.Away(Optional.empty())));
  }

  @Test
  void nothing_to_refresh_with_is_refused() {
    var old = before.tokens();
    var none =
        new UpstreamTokens(
            old.accessToken(), Optional.empty(), old.idToken(), old.expiresAt(), old.scopes());
    assertThat(Outcome.of(upstream.redeem(none, before.identity(), "")))
        .isEqualTo(new RefreshAnswer.Refused());
  }

  private void without(String field) {
    provider.answer =
        tokens -> {
          tokens.remove(field);
          return tokens;
        };
  }

  private UpstreamTokens refresh() {
    return GivenUpstream.refreshed(upstream, before);
  }

  private ErrorCode refusal() {
    return catchThrowableOfType(OAuthException.class, this::refresh).error().code();
  }

  private RefreshAnswer told() {
    return Outcome.of(upstream.redeem(before.tokens(), before.identity(), ""));
  }

  private void says(int status, String error) {
    provider.tokenStatus = status;
    provider.answer = tokens -> new JsonObject().put("error", error);
  }
}
