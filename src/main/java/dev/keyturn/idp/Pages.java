package dev.keyturn.idp;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.stream.Collectors;

/** The frame of every page: one column, no script, and headers that allow nothing else. */
final class Pages {
  static final String STYLESHEET = "/idp.css";

  private static final String POLICY =
      "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'";

  private static final String FRAME =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>%s - sample identity provider</title>
      <link rel="stylesheet" href="%s">
      </head>
      <body>
      <main>
      %s
      </main>
      </body>
      </html>
      """;

  private Pages() {}

  /** Nothing of this provider is cached, sniffed, framed or named to the next site. */
  static HttpServerResponse protect(HttpServerResponse response) {
    return response
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Content-Security-Policy", POLICY);
  }

  static void show(RoutingContext context, int status, String page) {
    protect(context.response())
        .setStatusCode(status)
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .end(page);
  }

  /** Title and text are plain; the content is HTML already. */
  static String page(String title, String content) {
    return FRAME.formatted(escape(title), STYLESHEET, content);
  }

  static String problem(String text) {
    return page(
        "Sign-in stopped",
        """
        <h1>This sign-in cannot go on</h1>
        <p>The reason: %s.</p>
        <p>Nobody was signed in. Go back to your application and start again.</p>"""
            .formatted(escape(text)));
  }

  /**
   * The {@code form_post} answer. Its form needs a press of a button, because pages here hold no
   * script.
   */
  static String handOver(String target, Map<String, String> fields) {
    var inputs =
        fields.entrySet().stream()
            .map(field -> hidden(field.getKey(), field.getValue()))
            .collect(Collectors.joining("\n"));
    return page(
        "Continue",
        """
        <h1>One step left</h1>
        <p>Continue to go back to your application.</p>
        <form method="post" action="%s">
        %s
        <button type="submit">Continue</button>
        </form>"""
            .formatted(escape(target), inputs));
  }

  static String hidden(String name, String value) {
    return "<input type=\"hidden\" name=\"%s\" value=\"%s\">"
        .formatted(escape(name), escape(value));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
