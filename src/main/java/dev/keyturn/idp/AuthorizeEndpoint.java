package dev.keyturn.idp;

import io.vertx.ext.web.RoutingContext;

/**
 * The authorization endpoint: judges the request, remembers it and asks for the password.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#AuthorizationEndpoint">OpenID
 *     Connect Core, section 3.1.2</a>
 */
record AuthorizeEndpoint(String issuer, Ledger ledger) {

  /** A refusal before the return address is known escapes from here and becomes a page. */
  void ask(RoutingContext context) {
    var asked = new Parameters(context.queryParams());
    var client =
        ledger
            .client(asked.required("client_id"))
            .orElseThrow(() -> new Refusal("invalid_request", "client_id is not registered"));
    var back = ReturnAddress.of(client, asked);
    try {
      var request = AuthorizationRequest.of(client.clientId(), back, asked);
      var id = ledger.mint().next();
      ledger.pending().put(id, new Pending(request, 0));
      Pages.show(context, 200, new LoginPage(id, client.clientId(), ledger.people()).fresh());
    } catch (Refusal refusal) {
      back.sendError(context, issuer, refusal);
    }
  }
}
