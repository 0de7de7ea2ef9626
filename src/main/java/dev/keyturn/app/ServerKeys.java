package dev.keyturn.app;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The readiness of a running server, as its management port tells it, for the sake of its keys.
 *
 * <p>Whoever answers there may be anybody, so the whole answer is bounded in length and in time.
 */
final class ServerKeys {
  private static final int MAX_LENGTH = 1024 * 1024;
  private static final String WHERE = "--server takes the URL of Keyturn's management port";

  private final URI url;
  private final Duration patience;

  /**
   * @param address of the management port
   * @param patience how long the whole answer may take
   */
  ServerKeys(URI address, Duration patience) {
    this.url = readiness(address);
    this.patience = patience;
  }

  /** Asks the server, whether it is ready or not. */
  KeyTable ask() throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(url).timeout(patience).build();
    var client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
    try {
      var body =
          client
              .sendAsync(request, BodyHandlers.ofInputStream())
              .thenApplyAsync(ServerKeys::bounded)
              .get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return keys(body).orElseThrow(() -> new IOException(url + " tells no keys: " + WHERE));
    } catch (TimeoutException e) {
      throw silent("after " + patience.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw silent("(" + cause(e).getClass().getSimpleName() + ")");
    }
  }

  private static byte[] bounded(HttpResponse<InputStream> answer) {
    try (var body = answer.body()) {
      return body.readNBytes(MAX_LENGTH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<KeyTable> keys(byte[] body) {
    try {
      var answer = new JsonObject(new String(body, StandardCharsets.UTF_8));
      return Optional.ofNullable(answer.getJsonArray("keys")).flatMap(KeyTable::of);
    } catch (DecodeException | ClassCastException e) {
      return Optional.empty();
    }
  }

  private static URI readiness(URI address) {
    var isWeb = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
    if (!isWeb
        || address.getHost() == null
        || address.getRawUserInfo() != null
        || address.getRawQuery() != null
        || address.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "--server must be the URL of a management port, such as http://127.0.0.1:9090");
    }
    return URI.create(address.toString().replaceAll("/+$", "") + "/readyz");
  }

  private static Throwable cause(ExecutionException failure) {
    var cause = Optional.ofNullable(failure.getCause());
    return cause
        .filter(UncheckedIOException.class::isInstance)
        .map(Throwable::getCause)
        .or(() -> cause)
        .orElse(failure);
  }

  private IOException silent(String how) {
    return new IOException(url + " does not answer " + how + ": " + WHERE);
  }
}
