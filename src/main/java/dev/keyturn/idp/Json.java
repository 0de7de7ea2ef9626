package dev.keyturn.idp;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** The JSON form of an answer, never cached. */
final class Json {
  private Json() {}

  static void send(RoutingContext context, int status, JsonObject body) {
    Pages.protect(context.response())
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .end(body.toBuffer());
  }
}
