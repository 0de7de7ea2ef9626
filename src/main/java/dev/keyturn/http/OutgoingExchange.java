package dev.keyturn.http;

import dev.keyturn.http.OutgoingHttp.Answer;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One outgoing request and its answer on their way; whoever ends it first has ended it. */
final class OutgoingExchange {
  private static final Logger LOG = LoggerFactory.getLogger(OutgoingExchange.class);

  private final HttpClient client;
  private final Call call;
  private final int maxBody;
  private volatile boolean over;
  private volatile boolean sent;
  private volatile @Nullable HttpClientRequest request;

  OutgoingExchange(HttpClient client, Call call, int maxBody) {
    this.client = client;
    this.call = call;
    this.maxBody = maxBody;
  }

  /** Connects to the host by its name, which a proxy looks up. */
  Future<HttpClientRequest> connect() {
    return client.request(call.byName());
  }

  /** Connects to the first address that answers; nothing has been sent before that. */
  Future<HttpClientRequest> connect(List<InetAddress> addresses, int index) {
    return client
        .request(call.to(addresses.get(index)))
        .recover(
            cause ->
                index + 1 < addresses.size() && !over
                    ? connect(addresses, index + 1)
                    : Future.failedFuture(cause));
  }

  Future<Answer> read(HttpClientRequest connected) {
    request = connected.exceptionHandler(OutgoingExchange::expectCut);
    if (over) {
      abort(OutgoingHttp.away(call.url, "did not answer in time"));
    }
    sent = true;
    return connected.send(call.body).compose(this::read);
  }

  private Future<Answer> read(HttpClientResponse response) {
    var answer = Promise.<Answer>promise();
    var body = Buffer.buffer();
    response
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > maxBody) {
                answer.tryFail(OutgoingHttp.away(call.url, "sent more than " + maxBody + " bytes"));
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(answer::tryFail)
        .endHandler(
            end -> answer.tryComplete(new Answer(response.statusCode(), response.headers(), body)));
    return answer.future();
  }

  /** Who waits for the answer is told; Vert.x would log an error besides. */
  private static void expectCut(Throwable failure) {
    LOG.debug("request to a server of others cut off");
  }

  /** Whether the server may have seen any of the request. */
  boolean isSent() {
    return sent;
  }

  /** Closes the connection, so that nothing more is read of what nobody waits for. */
  void abort(Throwable cause) {
    over = true;
    var current = request;
    if (current != null) {
      current.reset(0, cause);
    }
  }

  /** What is asked of whom. */
  record Call(HttpMethod method, URI url, Map<String, String> headers, Buffer body) {
    RequestOptions to(InetAddress address) {
      return byName().setServer(SocketAddress.inetSocketAddress(port(), address.getHostAddress()));
    }

    private boolean isTls() {
      return "https".equalsIgnoreCase(url.getScheme());
    }

    private int port() {
      return url.getPort() >= 0 ? url.getPort() : isTls() ? 443 : 80;
    }

    RequestOptions byName() {
      var path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
      var options =
          new RequestOptions()
              .setMethod(method)
              .setHost(url.getHost())
              .setPort(port())
              .setSsl(isTls())
              .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
              .setFollowRedirects(false)
              .putHeader("Accept", "application/json")
              .putHeader("User-Agent", "Keyturn");
      headers.forEach(options::putHeader);
      return options;
    }
  }
}
