package dev.keyturn.token;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * The refresh tokens of a session: the current one, and the one before it.
 *
 * @param current the hash of the token that rotates
 * @param expiresAt when the current token ends if nobody presents it
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9700#section-4.14.2">RFC 9700, section 4.14.2</a>
 */
record Family(String current, Instant expiresAt, Optional<Previous> previous) {
  /**
   * The token that the current one replaced.
   *
   * @param successor the current token, sealed so that only the previous token opens it
   */
  record Previous(String hash, Instant rotatedAt, String successor) {}

  JsonObject toJson() {
    var json = new JsonObject().put("current", current).put("expires", expiresAt.toEpochMilli());
    previous.ifPresent(
        value ->
            json.put("previous", value.hash())
                .put("rotated", value.rotatedAt().toEpochMilli())
                .put("successor", value.successor()));
    return json;
  }

  static Family fromJson(JsonObject json) {
    return new Family(
        json.getString("current"),
        Instant.ofEpochMilli(json.getLong("expires")),
        Optional.ofNullable(json.getString("previous"))
            .map(
                hash ->
                    new Previous(
                        hash,
                        Instant.ofEpochMilli(json.getLong("rotated")),
                        json.getString("successor"))));
  }
}
