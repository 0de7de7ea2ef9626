package dev.keyturn.user;

import dev.keyturn.crypto.Digest;
import dev.keyturn.oauth.Scopes;
import io.vertx.core.json.JsonObject;
import java.time.Instant;

/**
 * An account at an identity provider whose tokens are in the vault.
 *
 * @param account the provider's own subject
 * @param since the last login there
 * @param endsAt when the vault drops it, unless it is used
 * @param asked the scopes that were asked for there at that login
 */
public record LinkedAccount(
    String upstream, String account, Instant since, Instant endsAt, Scopes asked) {
  /** Names it among those of one person, and tells nothing of it. */
  public String id() {
    return Digest.of(upstream.length() + " " + upstream + " " + account);
  }

  /** The same, kept for longer. */
  public LinkedAccount until(Instant end) {
    return end.isBefore(endsAt) ? this : new LinkedAccount(upstream, account, since, end, asked);
  }

  boolean isSameAs(LinkedAccount other) {
    return is(other.upstream, other.account);
  }

  /** Whether it is this one. */
  public boolean is(String name, String subject) {
    return upstream.equals(name) && account.equals(subject);
  }

  JsonObject toJson() {
    return new JsonObject()
        .put("upstream", upstream)
        .put("account", account)
        .put("since", since.toEpochMilli())
        .put("ends", endsAt.toEpochMilli())
        .put("asked", asked.wire());
  }

  static LinkedAccount fromJson(JsonObject json) {
    return new LinkedAccount(
        json.getString("upstream"),
        json.getString("account"),
        Instant.ofEpochMilli(json.getLong("since")),
        Instant.ofEpochMilli(json.getLong("ends")),
        Scopes.parse(json.getString("asked", "")));
  }

  /** Names the upstream only: the other is about a person. */
  @Override
  public String toString() {
    return "LinkedAccount[" + upstream + "]";
  }
}
