package dev.keyturn.operator.reconcile;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * Calls of the API server that block, and are tied to the Lease.
 *
 * <p>Who no longer leads asks nothing: no call begins after the Lease, none is waited for longer
 * than the Lease lasts, and those that are under way end with it.
 */
final class Connection {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String OVER = "another process leads now";
  private static final int LONGEST = 1_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client;
  private final URI server;
  private final Supplier<Duration> left;
  private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();
  private final AtomicLong calls = new AtomicLong();
  private volatile boolean stopped;

  /**
   * @param left how long the Lease is surely ours
   */
  Connection(HttpClient client, URI server, Supplier<Duration> left) {
    this.client = client;
    this.server = server;
    this.left = left;
  }

  /** Ends what is under way; nothing begins any more. */
  void stop() {
    stopped = true;
    underWay.values().forEach(call -> call.cancel(true));
  }

  /** An object; empty where there is none. */
  Optional<JsonNode> get(String path, String what) {
    var response = call("GET", path, "application/json", "", what);
    return response.code() == 404 ? Optional.empty() : Optional.of(read(response, what));
  }

  /** What is there then. */
  JsonNode send(String method, String path, String type, String body, String what) {
    return read(call(method, path, type, body, what), what);
  }

  /** What is not there is deleted. */
  void delete(String path, String what) {
    var response = call("DELETE", path, "application/json", "", what);
    if (response.code() != 404) {
      var unused = read(response, what);
    }
  }

  private HttpResponse<String> call(
      String method, String path, String type, String body, String what) {
    var time = time();
    var request = client.newHttpRequestBuilder().uri(server.resolve(path));
    request.timeout(time.toMillis(), TimeUnit.MILLISECONDS);
    request.header("Accept", "application/json");
    if (!body.isEmpty()) {
      request.method(method, type, body);
    } else if (method.equals("DELETE")) {
      request.delete(type, "");
    }
    return answer(client.sendAsync(request.build(), String.class), time, what);
  }

  /** For how long a call may take that begins now. */
  private Duration time() {
    var rest = stopped ? Duration.ZERO : left.get();
    if (rest.toMillis() == 0) {
      throw new ApiException(0, OVER);
    }
    return bounded(rest);
  }

  static Duration bounded(Duration rest) {
    return rest.compareTo(PATIENCE) < 0 ? rest : PATIENCE;
  }

  private HttpResponse<String> answer(
      CompletableFuture<HttpResponse<String>> call, Duration time, String what) {
    var number = calls.incrementAndGet();
    underWay.put(number, call);
    try {
      if (stopped) {
        call.cancel(true);
      }
      return call.get(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(0, "stopped");
    } catch (CancellationException e) {
      throw new ApiException(0, OVER);
    } catch (ExecutionException | TimeoutException e) {
      call.cancel(true);
      throw new ApiException(0, "the API server gave no answer to: " + what);
    } finally {
      underWay.remove(number);
    }
  }

  private static JsonNode read(HttpResponse<String> response, String what) {
    if (!response.isSuccessful()) {
      throw refused(response, what);
    }
    try {
      return JSON.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new ApiException(response.code(), "the API server's answer is no JSON: " + what);
    }
  }

  /** The server says what is wrong with an object of ours, none of which holds a secret. */
  private static ApiException refused(HttpResponse<String> response, String what) {
    var because =
        reason(response.body())
            .orElse(
                response.code() == 404
                    ? "is the definition of that kind installed?"
                    : "no reason given");
    return new ApiException(
        response.code(),
        switch (response.code()) {
          case 401 -> "the API server does not accept our service account's token: " + what;
          case 403 -> "the API server forbids us to " + what + " (403): " + because;
          case 409 -> "somebody else was faster (409): " + what;
          default -> "the API server answered " + response.code() + " to " + what + ": " + because;
        });
  }

  /** A missing right, a quota or a policy: only the server knows which it was. */
  private static Optional<String> reason(String body) {
    var reason = "";
    try {
      reason = JSON.readTree(body).path("message").asText().replaceAll("\\p{Cntrl}+", " ");
    } catch (JsonProcessingException e) {
      reason = "";
    }
    return reason.isBlank()
        ? Optional.empty()
        : Optional.of(reason.length() > LONGEST ? reason.substring(0, LONGEST) + "..." : reason);
  }
}
