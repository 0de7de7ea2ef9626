package dev.keyturn.idp;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/**
 * The revocation endpoint: with a refresh token go the access tokens of its person.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7009#section-2">RFC 7009, section 2</a>
 */
record RevocationEndpoint(Ledger ledger) {
  void revoke(RoutingContext context) {
    try {
      var body = new Parameters(context.request().formAttributes());
      ClientAuthentication.of(context.request(), body).authenticate(ledger);
      var token = body.required("token");
      ledger
          .refreshTokens()
          .take(token)
          .ifPresent(login -> ledger.accessTokens().drop(login.person()::equals));
      ledger.accessTokens().take(token);
      context.response().end();
    } catch (Refusal refusal) {
      Json.send(context, 400, new JsonObject().put("error", refusal.code()));
    }
  }
}
