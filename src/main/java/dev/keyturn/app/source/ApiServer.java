package dev.keyturn.app.source;

import dev.keyturn.operator.cluster.ClusterException;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.secrets.SecretFiles;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * The API server of our cluster, asked for one key of one ConfigMap.
 *
 * <p>The token leaves this process only after the server has shown a certificate that the cluster's
 * own authorities vouch for. Authorities and token are read for each request, since both are
 * replaced while we run; redirects are answers that help nobody, and are not followed.
 */
final class ApiServer {
  private static final int MAX_BODY = 4 * 1024 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Pod pod;
  private final ConfigMapKey wanted;
  private final Duration patience;

  ApiServer(Vertx vertx, Pod pod, ConfigMapKey wanted, Duration patience) {
    this.vertx = vertx;
    this.pod = pod;
    this.wanted = wanted;
    this.patience = patience;
  }

  /** The text under the key, which is never empty; a failure says in words why there is none. */
  Future<String> read() {
    return vertx
        .executeBlocking(this::credentials, false)
        .compose(this::read)
        .recover(cause -> Future.failedFuture(inWords(cause)));
  }

  private Future<String> read(Account account) {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setSsl(true)
                .setVerifyHost(true)
                .setTrustOptions(new PemTrustOptions().addCertValue(account.authorities))
                .setConnectTimeout((int) CONNECT.toMillis())
                .setKeepAlive(false)
                .setDecompressionSupported(false));
    return ask(client, account)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .eventually(client::close);
  }

  private Future<String> ask(HttpClient client, Account account) {
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(pod.host())
            .setPort(pod.port())
            .setURI(wanted.path())
            .setFollowRedirects(false)
            .putHeader("Accept", "application/json")
            .putHeader("User-Agent", "Keyturn")
            .putHeader("Authorization", "Bearer " + account.token);
    // Whoever asks may be no event loop: the body is listened for where the answer arrives.
    return client
        .request(options)
        .compose(request -> request.send().compose(this::bounded))
        .map(this::text);
  }

  private Future<Buffer> bounded(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture(new UnreadableException(ofStatus(response.statusCode())));
    }
    var whole = Promise.<Buffer>promise();
    var body = Buffer.buffer();
    response
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > MAX_BODY) {
                whole.tryFail(new UnreadableException("the API server's answer is too large"));
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private String text(Buffer body) {
    var data = Optional.ofNullable(json(body).getValue("data"));
    var value =
        data.filter(JsonObject.class::isInstance)
            .map(JsonObject.class::cast)
            .map(keys -> keys.getValue(wanted.key()))
            .orElseThrow(
                () ->
                    new UnreadableException(
                        "the ConfigMap has no key " + wanted.key() + " in data"));
    if (!(value instanceof String text)) {
      throw new UnreadableException("the key holds no text");
    }
    return fit(text);
  }

  private static String fit(String text) {
    if (text.isBlank()) {
      throw new UnreadableException("the key is empty");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new UnreadableException("the key holds no text");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > SecretFiles.MAX_DOCUMENT) {
      throw new UnreadableException("the text under the key is larger than 1 MiB");
    }
    return text;
  }

  private static JsonObject json(Buffer body) {
    try {
      return new JsonObject(body);
    } catch (DecodeException | ClassCastException e) {
      throw new UnreadableException("the API server's answer is no JSON object");
    }
  }

  private String ofStatus(int status) {
    return switch (status) {
      case 401 -> "the API server does not accept the service account's token (401)";
      case 403 ->
          "the service account may not get configmaps/%s in namespace %s: grant that in a Role (403)"
              .formatted(wanted.name(), wanted.namespace());
      case 404 ->
          "there is no ConfigMap %s in namespace %s (404)"
              .formatted(wanted.name(), wanted.namespace());
      default -> "the API server answered " + status;
    };
  }

  private Account credentials() {
    return new Account(pod.token(), Buffer.buffer(pod.authorities()));
  }

  /** Only words of ours: those of a library could quote a header. */
  private UnreadableException inWords(Throwable cause) {
    if (cause instanceof UnreadableException known) {
      return known;
    }
    if (cause instanceof ClusterException ours) {
      return new UnreadableException(String.valueOf(ours.getMessage()));
    }
    if (cause instanceof SSLException) {
      return new UnreadableException(
          "no authority of ca.crt vouches for the API server at " + pod.host());
    }
    if (cause instanceof TimeoutException) {
      return new UnreadableException("the API server did not answer in time");
    }
    if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
      return new UnreadableException("the API server cannot be reached");
    }
    return new UnreadableException(
        "the API server gave no answer: " + cause.getClass().getSimpleName());
  }

  /** Who we are, and whom we believe. */
  private record Account(String token, Buffer authorities) {
    @Override
    public String toString() {
      return "Account[hidden]";
    }
  }
}
