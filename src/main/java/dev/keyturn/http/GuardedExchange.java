package dev.keyturn.http;

import dev.keyturn.http.FetchFailure.Reason;
import dev.keyturn.http.GuardedFetch.Fetched;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One guarded request and its answer on their way; whoever ends it first has ended it. */
final class GuardedExchange {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedExchange.class);
  private static final int OK = 200;

  /** {@code application/json}, {@code application/jwk-set+json} and the like. */
  private static final Pattern JSON =
      Pattern.compile("application/([a-z0-9!#$&^_.-]+\\+)?json *(;.*)?");

  private final HttpClient client;
  private final URI url;
  private final HttpMethod method;
  private volatile boolean over;
  private volatile @Nullable HttpClientRequest request;

  GuardedExchange(HttpClient client, URI url, HttpMethod method) {
    this.client = client;
    this.url = url;
    this.method = method;
  }

  static int port(URI url) {
    return url.getPort() < 0 ? 443 : url.getPort();
  }

  /** Connects to the first server that answers; nothing has been sent before that. */
  Future<HttpClientRequest> connect(List<SocketAddress> servers, int index) {
    return client
        .request(to(servers.get(index)))
        .recover(
            cause ->
                index + 1 < servers.size() && !over
                    ? connect(servers, index + 1)
                    : Future.failedFuture(cause));
  }

  Future<Fetched> read(HttpClientRequest connected) {
    request = connected.exceptionHandler(GuardedExchange::expectCut);
    if (over) {
      abort(failure(Reason.TIMEOUT));
    }
    return connected.send().compose(this::read);
  }

  /** Sends a form and tells the status; nothing is read of what comes with it. */
  Future<Integer> tell(HttpClientRequest connected, Buffer form) {
    request = connected.exceptionHandler(GuardedExchange::expectCut);
    if (over) {
      abort(failure(Reason.TIMEOUT));
    }
    return connected
        .putHeader("Content-Type", "application/x-www-form-urlencoded")
        .send(form)
        .map(HttpClientResponse::statusCode)
        .onSuccess(told -> connected.connection().close());
  }

  /** Closes the connection, so that nothing more is read of what nobody waits for. */
  void abort(Throwable cause) {
    over = true;
    var current = request;
    if (current != null) {
      current.reset(0, cause);
      current.connection().close();
    }
  }

  private Future<Fetched> read(HttpClientResponse response) {
    response.exceptionHandler(GuardedExchange::expectCut);
    requireDocument(response);
    var whole = Promise.<Fetched>promise();
    var body = Buffer.buffer();
    response
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > GuardedFetch.MAX_BODY) {
                whole.tryFail(failure(Reason.TOO_LARGE));
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(new Fetched(response.headers(), body)));
    return whole.future();
  }

  private void requireDocument(HttpClientResponse response) {
    var status = response.statusCode();
    if (status != OK) {
      throw failure(reason(status));
    }
    var type = Optional.ofNullable(response.getHeader("Content-Type")).orElse("");
    if (!JSON.matcher(type.toLowerCase(Locale.ROOT)).matches()) {
      throw failure(Reason.NOT_JSON);
    }
    var announced = Optional.ofNullable(response.getHeader("Content-Length")).orElse("0");
    if (announced.length() > 9 || Long.parseLong(announced) > GuardedFetch.MAX_BODY) {
      throw failure(Reason.TOO_LARGE);
    }
  }

  private static Reason reason(int status) {
    return switch (status) {
      case 404, 410 -> Reason.GONE;
      case 301, 302, 303, 307, 308 -> Reason.REDIRECT;
      default -> Reason.STATUS;
    };
  }

  /** By the name of the host, for TLS and for {@code Host}, but to the address that was judged. */
  private RequestOptions to(SocketAddress server) {
    var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    return new RequestOptions()
        .setMethod(method)
        .setServer(server)
        .setHost(url.getHost())
        .setPort(port(url))
        .setSsl(true)
        .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
        .setFollowRedirects(false)
        .putHeader("Accept", "application/json")
        .putHeader("User-Agent", "Keyturn");
  }

  private FetchFailure failure(Reason reason) {
    return new FetchFailure(url, reason);
  }

  /** Who waits for the answer is told; Vert.x would log an error besides. */
  private static void expectCut(Throwable failure) {
    LOG.debug("request to a stranger's server cut off");
  }
}
