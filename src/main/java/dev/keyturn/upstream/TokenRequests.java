package dev.keyturn.upstream;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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
    ClientSecrets secrets,
    Surroundings around,
    Refusals refusals) {
  /** Refuses what is left of a login at another provider, or of a client that we are no more. */
  LoginAnswer requireBegunAt(String issuer, LoginAnswer answer) {
    if (!answer.terms().issuer().equals(issuer)) {
      throw refusals.changed("provider_changed");
    }
    if (!secrets.canProve(answer.terms().clientId())) {
      throw refusals.changed("client_changed");
    }
    return answer;
  }

  /** Redeems the authorization code that {@code answer} brought. */
  Future<Redeemed> redeem(URI endpoint, String code, LoginAnswer answer) {
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "authorization_code");
    form.put("code", code);
    form.put("redirect_uri", answer.terms().redirectUri());
    form.put("code_verifier", answer.verifier());
    return send(endpoint, form, answer.terms().clientId())
        .map(sent -> loggedIn(sent, answer.terms().scopes()));
  }

  /**
   * Redeems the refresh token. The scopes are named again, since some providers narrow silently;
   * where they are more than the login of that time was granted, the request is repeated without
   * them. An answer that names none leaves them as they were granted.
   *
   * @param client whom they were given to
   */
  Future<RefreshAnswer> refresh(URI endpoint, UpstreamTokens old, String client) {
    if (old.refreshToken().isEmpty()) {
      return Future.succeededFuture(new RefreshAnswer.Refused());
    }
    var form = new LinkedHashMap<String, String>();
    form.put("grant_type", "refresh_token");
    form.put("refresh_token", old.refreshToken().get());
    if (!registration.scopes().isEmpty()) {
      form.put("scope", registration.scopes().wire());
    }
    return send(endpoint, form, client)
        .compose(
            answer -> isTooWide(form, answer) ? narrowed(endpoint, form, client) : kept(answer))
        .map(
            answer ->
                new RefreshReader(fields, around.clock(), refusals).read(answer, old.scopes()))
        .recover(TokenRequests::unanswered);
  }

  /** Gives tokens back; with the refresh token goes what was made from it. */
  Future<RevocationAnswer> revoke(Optional<URI> endpoint, UpstreamTokens unused, String client) {
    if (endpoint.isEmpty()) {
      return Future.succeededFuture(RevocationAnswer.NOT_OFFERED);
    }
    var form = new LinkedHashMap<String, String>();
    form.put("token", unused.refreshToken().orElse(unused.accessToken()));
    form.put(
        "token_type_hint", unused.refreshToken().isPresent() ? "refresh_token" : "access_token");
    return send(endpoint.get(), form, client).map(this::givenBack);
  }

  private RevocationAnswer givenBack(Answer answer) {
    refusals.outage(answer).ifPresent(TokenRequests::fail);
    if (answer.status() / 100 == 2) {
      return RevocationAnswer.REVOKED;
    }
    refusals.log("revocation", "status_" + answer.status());
    return RevocationAnswer.REFUSED;
  }

  /** Tokens, and the whole answer for those who look for an identity in it. */
  record Redeemed(ObjectNode body, UpstreamTokens tokens) {
    @Override
    public String toString() {
      return "Redeemed[hidden]";
    }
  }

  private static boolean isTooWide(Map<String, String> form, Answer answer) {
    return form.containsKey("scope")
        && answer.status() < 500
        && TokenAnswer.parse(answer)
            .flatMap(TokenAnswer::error)
            .filter("invalid_scope"::equals)
            .isPresent();
  }

  private Future<Answer> narrowed(URI endpoint, Map<String, String> form, String client) {
    form.remove("scope");
    return send(endpoint, form, client);
  }

  private static Future<Answer> kept(Answer answer) {
    return Future.succeededFuture(answer);
  }

  private Future<Answer> send(URI endpoint, Map<String, String> form, String clientId) {
    return secrets.prove(clientId, who -> post(endpoint, new LinkedHashMap<>(form), who));
  }

  private Future<Answer> post(URI endpoint, Map<String, String> form, Credentials who) {
    var headers = new LinkedHashMap<String, String>();
    headers.put("Content-Type", "application/x-www-form-urlencoded");
    return who.prove(around.proofs(), form, headers)
        .compose(proven -> around.http().post(endpoint, headers, encoded(form)));
  }

  private static Buffer encoded(Map<String, String> form) {
    return Buffer.buffer(
        form.entrySet().stream()
            .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
            .collect(Collectors.joining("&")));
  }

  private Redeemed loggedIn(Answer http, Scopes asked) {
    refusals.outage(http).ifPresent(TokenRequests::fail);
    var answer =
        TokenAnswer.parse(http).orElseThrow(() -> refusals.of("token", "unreadable_answer"));
    answer.error().ifPresent(name -> fail(refusals.of("token", name)));
    return tokens(http, answer, asked).orElseThrow(() -> refusals.of("token", "no_bearer_token"));
  }

  private static Future<RefreshAnswer> unanswered(Throwable cause) {
    return cause instanceof UnavailableException away
        ? Future.succeededFuture(
            away.mayBeDone() ? new RefreshAnswer.Lost() : new RefreshAnswer.Away(Optional.empty()))
        : Future.failedFuture(cause);
  }

  private Optional<Redeemed> tokens(Answer http, TokenAnswer answer, Scopes otherwise) {
    return answer
        .tokens(fields, otherwise, around.clock().instant())
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
