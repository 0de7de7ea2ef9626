package dev.keyturn.given;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Sends requests as they are; follows nothing, keeps nothing. */
public final class Wire {
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String CONTENT_TYPE = "Content-Type";

  private final Supplier<HttpClient> clients;
  private final UnaryOperator<URI> way;

  public Wire() {
    this(HttpClient.newHttpClient());
  }

  private Wire(HttpClient client) {
    this(() -> client, UnaryOperator.identity());
  }

  /**
   * @param clients what sends the next request
   * @param way to the server that a URL is to reach; it is told the host of the URL all the same
   */
  public Wire(Supplier<HttpClient> clients, UnaryOperator<URI> way) {
    this.clients = clients;
    this.way = way;
  }

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
    var server = way.apply(url);
    var request =
        HttpRequest.newBuilder(server)
            .timeout(Patience.LONG)
            .version(HttpClient.Version.HTTP_1_1)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    headers.forEach(request::header);
    if (!server.equals(url)) {
      request.header("Host", url.getRawAuthority());
    }
    try {
      var answer = clients.get().send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(url, site, answer.statusCode(), answer.headers(), answer.body());
    } catch (IOException e) {
      throw new AssertionError(method + " " + url, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
