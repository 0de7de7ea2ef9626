package dev.keyturn.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLException;

/**
 * Calls of one piece of work; every answer is bounded, and redirects are answers that help nobody.
 */
public final class ApiCalls {
  private static final int MAX_BODY = 8 * 1024 * 1024;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Vertx vertx;
  private final HttpClient client;
  private final String token;

  ApiCalls(Vertx vertx, HttpClient client, String token) {
    this.vertx = vertx;
    this.client = client;
    this.token = token;
  }

  /** The object, or nothing where there is none. */
  <T> Future<Optional<T>> get(ObjectPath path, Function<JsonNode, T> reading) {
    return call(HttpMethod.GET, path, Buffer.buffer())
        .compose(
            answer ->
                answer.status == 404
                    ? Future.succeededFuture(Optional.empty())
                    : read(answer, "get", path, reading).map(Optional::of));
  }

  /** What there is of a kind. */
  <T> Future<T> list(ObjectPath path, Function<JsonNode, T> reading) {
    return call(HttpMethod.GET, path, Buffer.buffer())
        .compose(answer -> read(answer, "list", path, reading));
  }

  /** What the server makes of {@code body}. */
  <T> Future<T> create(ObjectPath path, JsonNode body, Function<JsonNode, T> reading) {
    return call(HttpMethod.POST, path, Buffer.buffer(body.toString()))
        .compose(answer -> read(answer, "create", path, reading));
  }

  private Future<Answer> call(HttpMethod method, ObjectPath path, Buffer body) {
    var options =
        new RequestOptions()
            .setMethod(method)
            .setURI(path.uri())
            .setFollowRedirects(false)
            .putHeader("Accept", "application/json")
            .putHeader("Content-Type", "application/json")
            .putHeader("User-Agent", "Keyturn")
            .putHeader("Authorization", "Bearer " + token);
    return client
        .request(options)
        .compose(request -> request.send(body))
        .compose(ApiCalls::bounded)
        .recover(cause -> Future.failedFuture(inWords(cause)));
  }

  private static Future<Answer> bounded(HttpClientResponse response) {
    var whole = Promise.<Answer>promise();
    var body = Buffer.buffer();
    response
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > MAX_BODY) {
                whole.tryFail(new ClusterException("the API server's answer is too large"));
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(new Answer(response.statusCode(), body)));
    return whole.future();
  }

  /** Elsewhere, since a list may be long. */
  private <T> Future<T> read(
      Answer answer, String verb, ObjectPath path, Function<JsonNode, T> reading) {
    return answer.status / 100 == 2
        ? vertx.executeBlocking(() -> reading.apply(object(answer.body)), false)
        : Future.failedFuture(new ClusterException(ofStatus(answer.status, verb, path)));
  }

  private static JsonNode object(Buffer body) {
    try {
      var tree = JSON.readTree(body.getBytes());
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (IOException e) {
      // The parser's words would quote what may be a Secret.
    }
    throw new ClusterException("the API server's answer is no JSON object");
  }

  private static String ofStatus(int status, String verb, ObjectPath path) {
    return switch (status) {
      case 401 -> "the API server does not accept our service account's token (401)";
      case 403 -> "our service account may not " + verb + " " + path + ": grant that (403)";
      case 404 -> "the API server does not know " + path.kind() + ": apply the CRDs (404)";
      default -> "the API server answered " + status;
    };
  }

  /** Only words of ours: those of a library could quote a header. */
  private static ClusterException inWords(Throwable cause) {
    if (cause instanceof ClusterException known) {
      return known;
    }
    if (cause instanceof SSLException) {
      return new ClusterException("no authority of ca.crt vouches for the API server");
    }
    if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
      return new ClusterException("the API server cannot be reached");
    }
    return new ClusterException(
        "the API server gave no answer: " + cause.getClass().getSimpleName());
  }

  private record Answer(int status, Buffer body) {
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }
}
