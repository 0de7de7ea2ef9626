package dev.keyturn.given;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server answered.
 *
 * @param url what was asked for
 * @param site how the browser came there
 */
public record Answer(URI url, Site site, int status, HttpHeaders headers, String body) {
  private static final Pattern LINK = Pattern.compile("<a [^>]*href=\"([^\"]*)\"[^>]*>([^<]*)<");

  public JsonObject json() {
    return new JsonObject(body);
  }

  /** The member {@code name} of a JSON answer. */
  public String text(String name) {
    return json().getString(name);
  }

  public Optional<String> header(String name) {
    return headers.firstValue(name);
  }

  public URI location() {
    return URI.create(
        header("Location").orElseThrow(() -> new AssertionError(status + " " + body)));
  }

  /** The parameters that a redirect gives to the client. */
  public Map<String, List<String>> handed() {
    return new QueryStringDecoder(location()).parameters();
  }

  /** One of the parameters that a redirect gives to the client. */
  public String handed(String name) {
    return String.join("|", handed().getOrDefault(name, List.of()));
  }

  /** Where the page's only link leads. */
  public URI link() {
    return URI.create(found(1));
  }

  /** What the page's only link says. */
  public String linkText() {
    return found(2);
  }

  private String found(int group) {
    var matcher = LINK.matcher(body);
    if (!matcher.find()) {
      throw new AssertionError("no link in " + body);
    }
    return Page.unescape(matcher.group(group));
  }
}
