package dev.keyturn.idp;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.function.Supplier;

/**
 * The token endpoint: trades a code or a refresh token, either of which works once.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.2">RFC 6749, section 3.2</a>
 */
record TokenEndpoint(Ledger ledger, IdTokens idTokens, Supplier<Faults> faults) {

  void trade(RoutingContext context) {
    Future.succeededFuture(context.request())
        .map(this::redeem)
        .compose(this::issueFor)
        .onSuccess(tokens -> Json.send(context, 200, tokens))
        .onFailure(failure -> refuse(context, failure));
  }

  private Login redeem(HttpServerRequest request) {
    var body = new Parameters(request.formAttributes());
    var client = ClientAuthentication.of(request, body).authenticate(ledger);
    var login =
        switch (body.required("grant_type")) {
          case "authorization_code" -> redeemCode(body);
          case "refresh_token" -> redeemRefreshToken(body);
          default -> throw new Refusal("unsupported_grant_type", "grant_type is not offered");
        };
    if (!login.clientId().equals(client.clientId())) {
      throw new Refusal("invalid_grant", "issued to another client");
    }
    return login;
  }

  /** The code is spent before it is judged, so that a wrong guess costs the thief the code. */
  private Login redeemCode(Parameters body) {
    var login =
        ledger
            .codes()
            .take(body.required("code"))
            .orElseThrow(() -> new Refusal("invalid_grant", "the code is unknown, used or old"));
    if (!login.request().back().redirectUri().equals(body.required("redirect_uri"))) {
      throw new Refusal("invalid_grant", "redirect_uri is not the one of the request");
    }
    if (!isProven(login.request().challenge(), body.required("code_verifier"))) {
      throw new Refusal("invalid_grant", "code_verifier does not match");
    }
    return login;
  }

  private Login redeemRefreshToken(Parameters body) {
    var login = ledger.refreshTokens().take(body.required("refresh_token"));
    if (faults.get().refusesRefresh()) {
      throw new Refusal("invalid_grant", "the session has ended");
    }
    return login
        .map(Login::refreshed)
        .orElseThrow(() -> new Refusal("invalid_grant", "the refresh token is unknown or used"));
  }

  private Future<JsonObject> issueFor(Login login) {
    return idTokens.issueFor(login).map(idToken -> tokensOf(login).put("id_token", idToken));
  }

  private JsonObject tokensOf(Login login) {
    var accessToken = ledger.mint().next();
    var until = ledger.accessTokens().put(accessToken, login.person());
    var tokens =
        new JsonObject()
            .put("access_token", accessToken)
            .put("token_type", "Bearer")
            .put("expires_in", Duration.between(ledger.clock().instant(), until).toSeconds())
            .put("scope", login.request().scope() + faults.get().granted());
    if (!faults.get().omitsRefreshToken()) {
      var refreshToken = ledger.mint().next();
      ledger.refreshTokens().put(refreshToken, login);
      tokens.put("refresh_token", refreshToken);
    }
    return tokens;
  }

  private static boolean isProven(String challenge, String verifier) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(US_ASCII));
      var proof = Base64.getUrlEncoder().withoutPadding().encode(digest);
      return MessageDigest.isEqual(challenge.getBytes(US_ASCII), proof);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    if (!(failure instanceof Refusal refusal)) {
      context.fail(failure);
      return;
    }
    var unauthorized = refusal.code().equals("invalid_client");
    if (unauthorized) {
      context.response().putHeader("WWW-Authenticate", "Basic realm=\"token\"");
    }
    Json.send(
        context,
        unauthorized ? 401 : 400,
        new JsonObject()
            .put("error", refusal.code())
            .put("error_description", refusal.description()));
  }
}
