package dev.keyturn.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cross-origin access for clients that run in a browser. Any origin may ask and read, but never
 * with the browser's own credentials: tokens travel in headers that the client sets itself.
 *
 * @see <a href="https://fetch.spec.whatwg.org/#http-cors-protocol">Fetch, CORS protocol</a>
 */
public final class Cors {
  private static final Set<String> HEADERS =
      new LinkedHashSet<>(
          List.of(
              "Authorization",
              "Content-Type",
              "Accept",
              "MCP-Protocol-Version",
              "Mcp-Session-Id",
              "Last-Event-ID",
              "Mcp-Method",
              "Mcp-Name",
              "DPoP"));
  private static final String PARAMETER_HEADERS = "mcp-param-";
  private static final String EXPOSED = "WWW-Authenticate, Mcp-Session-Id, DPoP-Nonce";

  private Cors() {}

  /** Lets the script that asked read the answer. */
  public static void allowReading(HttpServerResponse response) {
    response.putHeader("Access-Control-Allow-Origin", "*");
    response.putHeader("Access-Control-Expose-Headers", EXPOSED);
  }

  /** Answers a browser's question whether it may send a request with these methods. */
  public static void answerPreflight(HttpServerRequest request, Set<String> methods) {
    var response = request.response();
    allowReading(response);
    response
        .setStatusCode(204)
        .putHeader("Access-Control-Allow-Methods", String.join(", ", methods))
        .putHeader("Access-Control-Allow-Headers", allowedHeaders(request))
        .putHeader("Access-Control-Max-Age", "7200")
        .putHeader("Allow", String.join(", ", methods))
        .end();
  }

  private static String allowedHeaders(HttpServerRequest request) {
    var asked = request.getHeader("Access-Control-Request-Headers");
    var parameters =
        Arrays.stream(asked == null ? new String[0] : asked.split(",", 64))
            .map(String::trim)
            .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(PARAMETER_HEADERS))
            .filter(name -> name.matches("[A-Za-z0-9-]{1,128}"))
            .collect(Collectors.toCollection(LinkedHashSet::new));
    var all = new LinkedHashSet<>(HEADERS);
    all.addAll(parameters);
    return String.join(", ", all);
  }
}
