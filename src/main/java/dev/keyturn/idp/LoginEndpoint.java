package dev.keyturn.idp;

import io.vertx.ext.web.RoutingContext;

/**
 * Takes what the person answered on the login page: user name and password, or "Cancel".
 *
 * <p>The hidden request id is the page's only credential. It is unguessable, works once, and ends
 * after a few wrong passwords.
 */
record LoginEndpoint(String issuer, Ledger ledger) {

  void logIn(RoutingContext context) {
    var given = new Parameters(context.request().formAttributes());
    var id = given.required("request");
    var pending = find(id);
    var username = given.optional("username").orElse("");
    ledger
        .personProvenBy(username, given.optional("password").orElse(""))
        .ifPresentOrElse(
            person -> sendCode(context, id, person),
            () -> askAgain(context, id, pending, username));
  }

  void cancel(RoutingContext context) {
    var given = new Parameters(context.request().formAttributes());
    var request = take(given.required("request"));
    request.back().sendError(context, issuer, new Refusal("access_denied", "login cancelled"));
  }

  private void sendCode(RoutingContext context, String id, Person person) {
    var request = take(id);
    var code = ledger.mint().next();
    ledger.codes().put(code, new Login(person, ledger.clock().instant(), request, request.nonce()));
    request.back().sendCode(context, issuer, code);
  }

  private void askAgain(RoutingContext context, String id, Pending pending, String username) {
    var failed = pending.failedOnceMore();
    if (failed.isExhausted()) {
      take(id).back().sendError(context, issuer, new Refusal("access_denied", "login failed"));
      return;
    }
    ledger.pending().put(id, failed);
    var page = new LoginPage(id, pending.request().clientId(), ledger.people());
    Pages.show(context, 200, page.afterFailure(username));
  }

  private Pending find(String id) {
    return ledger.pending().find(id).map(Shelf.Entry::value).orElseThrow(LoginEndpoint::ended);
  }

  private AuthorizationRequest take(String id) {
    return ledger.pending().take(id).map(Pending::request).orElseThrow(LoginEndpoint::ended);
  }

  private static Refusal ended() {
    return new Refusal("invalid_request", "this sign-in has ended");
  }
}
