package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.http.Parameters;
import dev.keyturn.token.IdTokenHints;
import io.vertx.core.Future;

/** All that is judged of an authorization request, wherever it comes in. */
record Judgement(RequestRules rules, IdTokenHints hints) {
  /** The request, or a refusal that the client may be told. */
  Future<AuthorizationRequest> of(Client client, ReturnAddress returnTo, Parameters parameters) {
    return Future.succeededFuture(parameters)
        .map(given -> rules.check(client, returnTo, given))
        .compose(
            checked ->
                parameters
                    .find("id_token_hint")
                    .map(hint -> hints.subject(hint, client.id()).map(checked::forSubject))
                    .orElseGet(() -> Future.succeededFuture(checked)));
  }
}
