package dev.keyturn.authorize;

import dev.keyturn.client.Client;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization;
import dev.keyturn.user.Decision;
import dev.keyturn.user.NamedClient;
import java.time.Instant;
import java.util.Map;

/**
 * What a client is to be granted, once it is known by whom.
 *
 * @param used the upstreams whose tokens it may use, with the scopes there
 * @param told those that the person was told of, which may be more
 * @param byPage whether a page named all of it, so that it counts as the person's decision
 */
record Grant(
    Client client,
    AuthorizationRequest asked,
    Authorization authorization,
    Map<String, Scopes> used,
    Map<String, Scopes> told,
    boolean byPage) {
  NamedClient named() {
    return new NamedClient(client.id(), ShownName.of(client, "en"), client.isStranger());
  }

  Decision decision(Instant now) {
    return new Decision(
        named(),
        Memory.registered(client, asked.returnTo()),
        authorization.scopes(),
        authorization.resources(),
        told,
        now);
  }
}
