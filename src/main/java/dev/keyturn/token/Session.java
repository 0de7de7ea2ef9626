package dev.keyturn.token;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/**
 * What one login started: what was approved, until when, and the refresh family.
 *
 * @param endsAt the absolute end; no refresh moves it
 * @param family empty when the client may not refresh
 * @param ended whether it was revoked; it is kept until then so that nothing can begin it anew
 */
public record Session(
    Authorization authorization, Instant endsAt, Optional<Family> family, boolean ended) {
  /** When its tokens were last refreshed; empty if they never were. */
  public Optional<Instant> refreshedAt() {
    return family.flatMap(Family::previous).map(Family.Previous::rotatedAt);
  }

  /** The same session with the family after a rotation. */
  Session with(Family next) {
    return new Session(authorization, endsAt, Optional.of(next), ended);
  }

  /** The same session, which no refresh token prolongs any more. */
  Session withoutRefresh() {
    return new Session(authorization, endsAt, Optional.empty(), ended);
  }

  /** The same session, revoked. */
  Session over() {
    return new Session(authorization, endsAt, family, true);
  }

  JsonObject toJson() {
    var json =
        new JsonObject()
            .put("authorization", authorization.toJson())
            .put("ends", endsAt.toEpochMilli())
            .put("ended", ended);
    family.ifPresent(value -> json.put("family", value.toJson()));
    return json;
  }

  static Session fromJson(JsonObject json) {
    return new Session(
        Authorization.fromJson(json.getJsonObject("authorization")),
        Instant.ofEpochMilli(json.getLong("ends")),
        Optional.ofNullable(json.getJsonObject("family")).map(Family::fromJson),
        json.getBoolean("ended"));
  }
}
