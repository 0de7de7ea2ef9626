package dev.keyturn.http;

import dev.keyturn.oauth.Loopback;
import dev.keyturn.oauth.UnavailableException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Requests to servers of others, bounded in time and size.
 *
 * <p>The name is resolved here and the connection goes to the very address that was judged, so a
 * name that changes its mind between the two cannot lead behind our own door. Redirects are
 * answers, never followed; nothing is decompressed. Whatever keeps an answer away is an {@link
 * UnavailableException}, which tells whether the request had left; a status, whichever, is an
 * {@link Answer}.
 */
public final class OutgoingHttp {
  /** The most bytes of a body that are read where nothing else is said. */
  public static final int MAX_BODY = Passage.MAX_BODY;

  /** How long a request waits for a connection, be it a new one or one that others hold. */
  private static final Duration WAIT = Duration.ofSeconds(15);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final int ADDRESSES = 3;
  private static final int CONNECTIONS = 16;
  private static final int WAITING = 1_024;

  private final Vertx vertx;
  private final HttpClient client;
  private final Passage passage;
  private final Resolver resolver;

  public OutgoingHttp(Vertx vertx, Reach reach) {
    this(vertx, Passage.to(reach));
  }

  public OutgoingHttp(Vertx vertx, Passage passage) {
    this(vertx, passage, new HttpClientOptions(), InetAddress::getAllByName);
  }

  OutgoingHttp(
      Vertx vertx, Reach reach, HttpClientOptions options, Resolver resolver, Duration answer) {
    this(vertx, Passage.to(reach).patientFor(answer), options, resolver);
  }

  private OutgoingHttp(Vertx vertx, Passage passage, HttpClientOptions options, Resolver resolver) {
    this.vertx = vertx;
    this.passage = passage;
    this.resolver = resolver;
    passage
        .authorities()
        .ifPresent(own -> options.setTrustOptions(new PemTrustOptions().addCertValue(own.pem())));
    passage.proxy().ifPresent(proxy -> options.setProxyOptions(proxy.options(passage.connect())));
    this.client =
        vertx.createHttpClient(
            options
                .setConnectTimeout((int) passage.connect().toMillis())
                .setKeepAliveTimeout(10)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /** Asks for {@code url}. */
  public Future<Answer> get(URI url, Map<String, String> headers) {
    return send(new OutgoingExchange.Call(HttpMethod.GET, url, headers, Buffer.buffer()));
  }

  /** Sends {@code body} to {@code url}; its type is one of the headers. */
  public Future<Answer> post(URI url, Map<String, String> headers, Buffer body) {
    return send(new OutgoingExchange.Call(HttpMethod.POST, url, headers, body));
  }

  /** Puts {@code body} in the place of what is at {@code url}; its type is one of the headers. */
  public Future<Answer> put(URI url, Map<String, String> headers, Buffer body) {
    return send(new OutgoingExchange.Call(HttpMethod.PUT, url, headers, body));
  }

  /** Ends every connection. */
  public Future<Void> close() {
    return client.close();
  }

  private Future<Answer> send(OutgoingExchange.Call call) {
    var refusal = refusal(call.url());
    if (refusal.isPresent()) {
      return Future.failedFuture(away(call.url(), refusal.get()));
    }
    var exchange = new OutgoingExchange(client, call, passage.maxBody());
    return connected(exchange, call.url())
        .compose(request -> within(passage.answer(), exchange.read(request)))
        .timeout(WAIT.plus(passage.answer()).toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(exchange::abort)
        .recover(cause -> Future.failedFuture(unavailable(exchange, call.url(), cause)));
  }

  /** Why nothing is sent there, as far as the URL tells. */
  private Optional<String> refusal(URI url) {
    var proxied = passage.proxy().isPresent();
    if (!passage.reach().admitsScheme(url) || (proxied && !isHttps(url))) {
      return Optional.of("must be called by https");
    }
    return passage
        .proxy()
        .filter(proxy -> !passage.reach().privateAddresses() && !proxy.mayReach(url))
        .map(refused -> "is not a host of the public internet");
  }

  private static boolean isHttps(URI url) {
    return "https".equalsIgnoreCase(url.getScheme());
  }

  /** The proxy looks names up itself. */
  private Future<HttpClientRequest> connected(OutgoingExchange exchange, URI url) {
    return passage.proxy().isPresent()
        ? exchange.connect()
        : vertx
            .executeBlocking(() -> resolve(url), false)
            .compose(addresses -> exchange.connect(addresses, 0));
  }

  /** Time that a request waits for others of ours is none that the server has taken. */
  private static <T> Future<T> within(Duration time, Future<T> work) {
    return work.timeout(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private List<InetAddress> resolve(URI url) throws UnknownHostException {
    var addresses = List.of(resolver.resolve(url.getHost().replaceAll("[\\[\\]]", "")));
    if (addresses.isEmpty()
        || !addresses.stream().allMatch(one -> passage.reach().admits(url, one))) {
      throw away(url, "resolves to an address that is not public");
    }
    return addresses.subList(0, Math.min(ADDRESSES, addresses.size()));
  }

  private static UnavailableException unavailable(
      OutgoingExchange exchange, URI url, Throwable cause) {
    var known =
        cause instanceof UnavailableException away
            ? away
            : away(url, "did not answer: " + reason(cause));
    return exchange.isSent()
        ? new UnavailableException(String.valueOf(known.getMessage()), known.retryAfter(), true)
        : known;
  }

  private static String reason(Throwable cause) {
    if (cause instanceof ProxyConnectException) {
      return "the proxy did not connect";
    }
    return cause instanceof ConnectException
        ? "the connection was refused"
        : cause.getClass().getSimpleName();
  }

  static UnavailableException away(URI url, String what) {
    return new UnavailableException(url.getHost() + " " + what, RETRY_AFTER);
  }

  /** What answered, whatever its status. */
  public record Answer(int status, MultiMap headers, Buffer body) {
    /** Shows nothing but the status, since an answer may be full of tokens. */
    @Override
    public String toString() {
      return "Answer[status=" + status + "]";
    }
  }

  /**
   * Which servers may be called besides public ones by https.
   *
   * @param plainHttp any of them without TLS
   * @param privateAddresses those behind our own door
   * @param loopback this very machine where the URL says so, also without TLS
   */
  public record Reach(boolean plainHttp, boolean privateAddresses, boolean loopback) {
    /** Public ones by https, and no others. */
    public static final Reach PUBLIC = new Reach(false, false, false);

    /** Whether {@code url} is one that may be called as far as its scheme and host tell. */
    public boolean admitsScheme(URI url) {
      if (url.getHost() == null) {
        return false;
      }
      var scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
      return scheme.equals("https") || (scheme.equals("http") && (plainHttp || isOwnLoopback(url)));
    }

    boolean admits(URI url, InetAddress address) {
      return privateAddresses
          || (address.isLoopbackAddress() && isOwnLoopback(url))
          || PublicAddress.isPublic(address);
    }

    private boolean isOwnLoopback(URI url) {
      return loopback && Loopback.isLoopback(url.getHost().toLowerCase(Locale.ROOT));
    }
  }

  /** Finds the addresses of a host; blocks. */
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }
}
