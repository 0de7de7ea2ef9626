package dev.keyturn.given;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Sends requests as they are; follows nothing, keeps nothing. */
public final class Wire {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String CONTENT_TYPE = "Content-Type";

  private final HttpClient client = HttpClient.newHttpClient();

  public Answer get(URI url) {
    return send("GET", url, Map.of(), "");
  }

  public Answer post(URI url, Form form) {
    return send("POST", url, Map.of(CONTENT_TYPE, FORM), form.encoded());
  }

  public Answer postJson(URI url, Map<String, String> headers, String json) {
    var all = new java.util.LinkedHashMap<>(headers);
    all.putIfAbsent(CONTENT_TYPE, "application/json");
    return send("POST", url, all, json);
  }

  public Answer send(String method, URI url, Map<String, String> headers, String body) {
    return send(method, url, Site.NONE, headers, body);
  }

  Answer send(String method, URI url, Site site, Map<String, String> headers, String body) {
    var request =
        HttpRequest.newBuilder(url)
            .timeout(Patience.LONG)
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    try {
      var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(url, site, answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
