package dev.keyturn.upstream;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Requests to an identity provider's token endpoint, and what their answers mean.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-4.1.3">RFC 6749, section 4.1.3</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-6">RFC 6749, section 6</a>
 */
record TokenRequests(
    Registration registration,
    TokenFields fields,
    OutgoingHttp http,
    Clock clock,
    Refusals refusals) {
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

  /** Redeems an authorization code. */
  Future<Redeemed> redeem(URI endpoint, String code, String verifier) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", registration.redirectUri());
    form.put("code_verifier", verifier);
    return send(endpoint, form).map(this::loggedIn);
  }

  /**
   * Redeems a refresh token. The scopes are named again, since some providers narrow silently; an
   * answer that names none leaves them as they were {@code granted}.
   */
  Future<Redeemed> refresh(URI endpoint, String refreshToken, Scopes granted) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", refreshToken);
    if (!registration.scopes().isEmpty()) {
      form.put("scope", registration.scopes().wire());
    }
    return send(endpoint, form).map(answer -> refreshed(answer, granted));
  }

  /** Tokens, and the whole answer for those who look for an identity in it. */
  record Redeemed(ObjectNode body, UpstreamTokens tokens) {
    @Override
    public String toString() {
      return "Redeemed[hidden]";
    }
  }

  private Future<Answer> send(URI endpoint, Map<String, String> form) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    registration.authentication().prove(registration, form, headers);
    var body =
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&"));
    return http.post(endpoint, headers, Buffer.buffer(body));
  }

  private Redeemed loggedIn(Answer http) {
    refusals.outage(http).ifPresent(TokenRequests::fail);
    var answer =
        TokenAnswer.parse(http).orElseThrow(() -> refusals.of("token", "unreadable_answer"));
    answer.error().ifPresent(name -> fail(refusals.of("token", name)));
    return tokens(http, answer, registration.scopes())
        .orElseThrow(() -> refusals.of("token", "no_bearer_token"));
  }

  private Redeemed refreshed(Answer http, Scopes granted) {
    refusals.outage(http).ifPresent(TokenRequests::fail);
    var answer =
        TokenAnswer.parse(http)
            .orElseThrow(() -> refusals.unusable("refresh", "unreadable_answer"));
    answer.error().ifPresent(this::refuseRefresh);
    return tokens(http, answer, granted)
        .orElseThrow(() -> refusals.unusable("refresh", "no_bearer_token"));
  }

  private void refuseRefresh(String name) {
    if (GONE.contains(name)) {
      refusals.log("refresh", name);
      throw INVALID_GRANT.because("");
    }
    throw refusals.unusable("refresh", name);
  }

  private Optional<Redeemed> tokens(Answer http, TokenAnswer answer, Scopes otherwise) {
    return answer
        .tokens(fields, otherwise, clock.instant())
        .filter(tokens -> http.status() / 100 == 2)
        .map(tokens -> new Redeemed(answer.body(), tokens));
  }

  private static void fail(RuntimeException refusal) {
    throw refusal;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
