package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.Scopes;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * What a token endpoint's answer says of the refresh token that it was asked about.
 *
 * <p>A server that says that it is in trouble is believed: it has done nothing. Only one that
 * speaks for another, and has not heard from it, cannot know.
 */
record RefreshReader(TokenFields fields, Clock clock, Refusals refusals) {
  /** The ways in which providers say that a refresh token will never work again. */
  private static final Set<String> GONE =
      Set.of(
          "invalid_grant",
          "bad_refresh_token",
          "invalid_refresh_token",
          "token_revoked",
          "token_expired",
          "account_inactive",
          "interaction_required",
          "login_required",
          "consent_required");

  /** What a provider says of itself, not of the token. */
  private static final String BUSY = "temporarily_unavailable";

  private static final Duration LATER = Duration.ofSeconds(30);
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int GATEWAY_TIMEOUT = 504;

  /**
   * @param granted the scopes where the answer names none
   */
  RefreshAnswer read(Answer http, Scopes granted) {
    if (http.status() == GATEWAY_TIMEOUT) {
      refusals.log("refresh", "status_504");
      return new RefreshAnswer.Lost();
    }
    if (http.status() == TOO_MANY_REQUESTS || http.status() >= 500) {
      refusals.log("refresh", "status_" + http.status());
      return new RefreshAnswer.Away(wait(http));
    }
    var answer = TokenAnswer.parse(http);
    return answer
        .flatMap(TokenAnswer::error)
        .map(this::refused)
        .orElseGet(
            () ->
                answer
                    .flatMap(
                        read ->
                            read.tokens(fields.atRefresh(read.body()), granted, clock.instant()))
                    .filter(tokens -> http.status() / 100 == 2)
                    .<RefreshAnswer>map(RefreshAnswer.Redeemed::new)
                    .orElseGet(() -> withoutTokens(http)));
  }

  private static Optional<Duration> wait(Answer http) {
    return Refusals.retryAfter(http)
        .or(() -> http.status() == TOO_MANY_REQUESTS ? Optional.of(LATER) : Optional.empty());
  }

  private RefreshAnswer refused(String name) {
    refusals.log("refresh", name);
    if (GONE.contains(name)) {
      return new RefreshAnswer.Refused();
    }
    if (ProofVerdict.isStranger(name)) {
      return new RefreshAnswer.ClientRefused();
    }
    return BUSY.equals(name)
        ? new RefreshAnswer.Away(Optional.empty())
        : new RefreshAnswer.Unclear();
  }

  private RefreshAnswer withoutTokens(Answer http) {
    refusals.log("refresh", "no_tokens_at_" + http.status());
    return http.status() / 100 == 2 ? new RefreshAnswer.Unusable() : new RefreshAnswer.Unclear();
  }
}
