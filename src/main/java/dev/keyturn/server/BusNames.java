package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.bus.Address;
import dev.keyturn.bus.Topic;
import dev.keyturn.token.AccessToken;
import dev.keyturn.upstream.UpstreamStatus;
import dev.keyturn.vault.UsableToken;
import io.vertx.core.json.JsonObject;

/**
 * The public addresses of a server on the event bus.
 *
 * @param prefix goes before every name, so that several servers fit into one Vert.x; empty for one
 */
public record BusNames(String prefix) {
  /** Announces every audit event. */
  public Topic<AuditEvent> auditEvent() {
    return new Topic<>(prefix + "audit.event");
  }

  /** Announces that an identity provider has become usable, or is no more. */
  public Topic<UpstreamStatus> upstreamChanged() {
    return new Topic<>(prefix + "upstream.changed");
  }

  /** Announces that another configuration, or other keys, are in force. */
  public Topic<ConfigChanged> configChanged() {
    return new Topic<>(prefix + "config.changed");
  }

  /** Announces that what the files say was refused, and what was in force goes on. */
  public Topic<ConfigRejected> configRejected() {
    return new Topic<>(prefix + "config.rejected");
  }

  /** Announces where every key and secret stands whenever one of them is in another state. */
  public Topic<KeysChanged> keysChanged() {
    return new Topic<>(prefix + "keys.changed");
  }

  /** Answers what an access token of ours says, or refuses it with {@code invalid_token}. */
  public Address<BusRequest.Verify, AccessToken> tokenVerify() {
    return new Address<>(prefix + "token.verify");
  }

  /** Makes a token worthless: a refresh token with its session, an access token alone. */
  public Address<BusRequest.Revoke, Void> tokenRevoke() {
    return new Address<>(prefix + "token.revoke");
  }

  /** Answers a fresh access token of a provider, for the session of an access token of ours. */
  public Address<BusRequest.UpstreamToken, UsableToken> sessionUpstreamToken() {
    return new Address<>(prefix + "session.upstream-token");
  }

  /** Answers the JWK set of the moment. */
  public Address<BusRequest.Jwks, JsonObject> keysJwks() {
    return new Address<>(prefix + "keys.jwks");
  }

  /** Answers how the server is at the moment. */
  public Address<BusRequest.Status, ServerStatus> serverStatus() {
    return new Address<>(prefix + "server.status");
  }
}
