package dev.keyturn.audit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * Something that happened.
 *
 * @param details by name, such as {@code client} and {@code session}
 */
public record AuditEvent(Kind kind, Instant at, Map<String, String> details) {
  public AuditEvent {
    details = Map.copyOf(details);
  }

  /** What kinds of things are told. */
  public enum Kind {
    /** A person approved a client's request. */
    CONSENT_GIVEN("consent.given"),
    /** A person denied it. */
    CONSENT_DENIED("consent.denied"),
    /** A person was not asked, since an earlier decision or the operator's word stands for it. */
    CONSENT_SKIPPED("consent.skipped"),
    /** A person took an approval back, and the client's sessions ended. */
    CONSENT_REVOKED("consent.revoked"),
    /** A person ended a session of theirs, or the login upstream that it stands on is gone. */
    SESSION_ENDED("session.ended"),
    /** An answer came to the callback path of another provider than the login was sent to. */
    UPSTREAM_MIXED_UP("upstream.mixed_up"),
    /** A person linked an account at a further provider. */
    UPSTREAM_LINKED("upstream.linked"),
    /** A person had the tokens of an account at a provider removed. */
    UPSTREAM_DISCONNECTED("upstream.disconnected"),
    /** A person logged in to see what they have approved. */
    ACCOUNT_OPENED("account.opened"),
    /** A login came back from the identity provider and a code was issued. */
    LOGIN_FINISHED("login.finished"),
    /** A login came back without success. */
    LOGIN_FAILED("login.failed"),
    /** A callback or a consent came from a browser that it does not belong to. */
    BROWSER_REFUSED("browser.refused"),
    /** A code was redeemed. */
    CODE_REDEEMED("code.redeemed"),
    /** A code came a second time with the right proof: what it started was ended. */
    CODE_REPLAYED("code.replayed"),
    /** What became of a refresh token. */
    TOKEN_REFRESHED("token.refreshed"),
    /** A session was ended, or one access token denied, because somebody asked for it. */
    TOKEN_REVOKED("token.revoked"),
    /** What became of a refresh at an identity provider. */
    UPSTREAM_REFRESHED("upstream.refreshed"),
    /** What came of giving tokens back to an identity provider. */
    UPSTREAM_REVOKED("upstream.revoked"),
    /** What came of registering ourselves at an identity provider. */
    UPSTREAM_REGISTERED("upstream.registered"),
    /** An entry of the vault does not open, and counts as absent. */
    VAULT_UNREADABLE("vault.unreadable"),
    /** A client registered. */
    CLIENT_REGISTERED("client.registered"),
    /** What came of telling a client that a session of it has ended. */
    CLIENT_TOLD("client.told"),
    /** Somebody could not prove to be the client that they said they were. */
    CLIENT_REFUSED("client.refused"),
    /** What a client publishes about itself cannot be used. */
    DOCUMENT_REFUSED("document.refused"),
    /** An address or a client did something too often; told once a minute. */
    LIMIT_REACHED("limit.reached"),
    /** Another configuration, or other secrets, are in force. */
    CONFIG_CHANGED("config.changed"),
    /** What the files say was refused, and what was in force goes on. */
    CONFIG_REJECTED("config.rejected"),
    /** A key is in another state. */
    KEY_CHANGED("key.changed"),
    /** An entry of the store was damaged on the disk, and counts as absent. */
    STORE_DAMAGED("store.damaged");

    private final String wire;

    Kind(String wire) {
      this.wire = wire;
    }

    /** The name in logs and metrics. */
    public String wire() {
      return wire;
    }
  }

  /** The event as one JSON object. */
  public JsonObject toJson() {
    var json = new JsonObject().put("event", kind.wire()).put("at", at.toString());
    new TreeMap<>(details).forEach(json::put);
    return json;
  }
}
