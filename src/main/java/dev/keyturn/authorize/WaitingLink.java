package dev.keyturn.authorize;

import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.GrantedScopes;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A link that waits for the person's word.
 *
 * @param found the account that the person has just logged in to; empty where that failed
 */
record WaitingLink(Purpose purpose, Linking linking, Optional<Found> found) {
  /**
   * An account at a further upstream.
   *
   * @param name what the provider calls the person there
   * @param shown by what the person can tell the account from others
   * @param asked the scopes that were asked for
   * @param granted those that were granted
   */
  record Found(String account, String name, String shown, String asked, String granted) {
    /** The scopes that a page must name. */
    Scopes used() {
      return GrantedScopes.toName(Scopes.parse(asked), Scopes.parse(granted));
    }

    /** Names nobody. */
    @Override
    public String toString() {
      return "Found[hidden]";
    }
  }

  JsonObject toJson() {
    var json = new JsonObject().put("purpose", purpose.toJson()).put("linking", linking.toJson());
    found.ifPresent(
        one ->
            json.put("account", one.account())
                .put("name", one.name())
                .put("shown", one.shown())
                .put("asked", one.asked())
                .put("granted", one.granted()));
    return json;
  }

  static WaitingLink fromJson(JsonObject json) {
    return new WaitingLink(
        Purpose.fromJson(json.getJsonObject("purpose")),
        Linking.fromJson(json.getJsonObject("linking")),
        Optional.ofNullable(json.getString("account"))
            .map(
                account ->
                    new Found(
                        account,
                        json.getString("name"),
                        json.getString("shown", account),
                        json.getString("asked"),
                        json.getString("granted", ""))));
  }

  /** Names nobody. */
  @Override
  public String toString() {
    return "WaitingLink[" + linking.next().orElse("") + "]";
  }
}
