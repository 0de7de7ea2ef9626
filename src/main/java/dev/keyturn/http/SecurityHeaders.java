package dev.keyturn.http;

import io.vertx.core.http.HttpServerResponse;

/**
 * The headers that keep an answer from being sniffed, framed, cached or referred to.
 *
 * <p>A page's policy has no {@code form-action}: Chrome applies it to the redirects after the POST,
 * and those lead to the identity provider and to the client.
 */
public final class SecurityHeaders {
  private static final String PAGE_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri"
          + " 'none'";

  private SecurityHeaders() {}

  /** Sets those of an answer that is no page and is made without a {@link Reply}. */
  public static void ofNoPage(HttpServerResponse response) {
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Cache-Control", "no-store")
        .putHeader("Referrer-Policy", "no-referrer");
  }

  static Reply complete(Reply reply, Route.Audience audience) {
    var safe =
        reply
            .withDefault("X-Content-Type-Options", "nosniff")
            .withDefault("Cache-Control", "no-store");
    if (audience == Route.Audience.PROGRAM) {
      return safe.withDefault("Referrer-Policy", "no-referrer");
    }
    return safe.withDefault("Referrer-Policy", "same-origin")
        .withDefault("Content-Security-Policy", PAGE_POLICY)
        .withDefault("X-Frame-Options", "DENY")
        .withDefault("Cross-Origin-Opener-Policy", "same-origin");
  }
}
