package dev.keyturn.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An HTTP answer as a value.
 *
 * @param headers in order; a name may come twice, as {@code Set-Cookie} does
 */
public record Reply(int status, List<Map.Entry<String, String>> headers, Buffer body) {
  private static final Buffer NOTHING = Buffer.buffer();

  public Reply {
    headers = List.copyOf(headers);
  }

  /** An answer without a body. */
  public static Reply empty(int status) {
    return new Reply(status, List.of(), NOTHING);
  }

  /** A JSON answer. */
  public static Reply json(int status, JsonObject body) {
    return new Reply(
        status, List.of(Map.entry("Content-Type", "application/json")), body.toBuffer());
  }

  /** A page. */
  public static Reply html(int status, Buffer page) {
    return new Reply(status, List.of(Map.entry("Content-Type", "text/html; charset=utf-8")), page);
  }

  /** Sends the browser on with GET, whatever the method was. */
  public static Reply seeOther(String location) {
    return empty(303).with("Location", location);
  }

  /** The same answer with one more header. */
  public Reply with(String name, String value) {
    var more = new ArrayList<>(headers);
    more.add(Map.entry(name, value));
    return new Reply(status, more, body);
  }

  /** The same answer with {@code name: value} unless the answer has such a header already. */
  Reply withDefault(String name, String value) {
    return headers.stream().anyMatch(header -> header.getKey().equalsIgnoreCase(name))
        ? this
        : with(name, value);
  }

  /** Shows the status alone: a location holds a code, a cookie or a body holds worse. */
  @Override
  public String toString() {
    return "Reply[" + status + "]";
  }

  /** Writes the answer; a HEAD request gets everything but the body. */
  void writeTo(HttpServerResponse response, boolean head) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(status);
    headers.forEach(header -> response.headers().add(header.getKey(), header.getValue()));
    if (head) {
      response.putHeader("Content-Length", String.valueOf(body.length()));
      response.end();
    } else {
      response.end(body);
    }
  }
}
