package dev.keyturn.http;

import dev.keyturn.http.FetchFailure.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The one way by which a URL is fetched that a stranger has named.
 *
 * <p>By https, from a host of the public internet, at once or not at all: five seconds from the
 * look-up of the name to the last byte, ten kilobytes, no redirect, no cookie, no credentials. The
 * name is looked up here, every address of it is judged, and the connection goes to one of those,
 * so a name that changes its mind in between leads nowhere else. Failures are {@link FetchFailure}.
 */
public final class GuardedFetch {
  /** The most bytes of a body. */
  public static final int MAX_BODY = 10 * 1024;

  private static final Duration TIME = Duration.ofSeconds(5);
  private static final Duration CONNECT = Duration.ofSeconds(2);
  private static final int ADDRESSES = 3;

  private final Vertx vertx;
  private final FetchRules rules;
  private final Resolver resolver;
  private final Duration time;
  private final HttpClient client;
  private final Map<String, Future<Fetched>> underWay = new ConcurrentHashMap<>();
  private final FetchLimits limits;

  public GuardedFetch(Vertx vertx, FetchRules rules, Clock clock) {
    this(vertx, rules, clock, host -> resolve(vertx, host), TIME);
  }

  GuardedFetch(Vertx vertx, FetchRules rules, Clock clock, Resolver resolver, Duration time) {
    this.vertx = vertx;
    this.rules = rules;
    this.resolver = resolver;
    this.time = time;
    this.client = client(vertx, rules, time);
    this.limits = new FetchLimits(rules, clock);
  }

  /**
   * The document at {@code url}; whoever asks while it is under way is given the same.
   *
   * @param address of whoever causes it, to count by
   */
  public Future<Fetched> get(URI url, String address) {
    var mine = Promise.<Fetched>promise();
    var running = underWay.putIfAbsent(url.toString(), mine.future());
    if (running != null) {
      return here(running);
    }
    Future.succeededFuture(url)
        .compose(wanted -> fetch(wanted, address))
        .recover(cause -> Future.failedFuture(FetchFailure.of(url, cause)))
        .onComplete(
            done -> {
              underWay.remove(url.toString());
              mine.handle(done);
            });
    return here(mine.future());
  }

  /**
   * Sends a form to {@code url}; what is told is the status, whichever.
   *
   * @param sender who is counted for it
   */
  public Future<Integer> post(URI url, Buffer form, String sender) {
    return Future.succeededFuture(url)
        .compose(
            wanted -> {
              limits.requireFetchable(wanted);
              limits.requireQuota(wanted, sender);
              return limits.enter(wanted)
                  ? tell(wanted, form).onComplete(done -> limits.leave(wanted))
                  : Future.failedFuture(new FetchFailure(wanted, Reason.BUSY));
            })
        .recover(cause -> Future.failedFuture(FetchFailure.of(url, cause)));
  }

  private Future<Integer> tell(URI url, Buffer form) {
    var exchange = new GuardedExchange(client, url, HttpMethod.POST);
    return servers(url)
        .compose(servers -> exchange.connect(servers, 0))
        .compose(connected -> exchange.tell(connected, form))
        .timeout(time.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(exchange::abort);
  }

  /** Ends every connection. */
  public Future<Void> close() {
    return client.close();
  }

  private Future<Fetched> fetch(URI url, String address) {
    limits.requireFetchable(url);
    limits.requireQuota(url, address);
    return limits.enter(url)
        ? exchange(url).onComplete(done -> limits.leave(url))
        : Future.failedFuture(new FetchFailure(url, Reason.BUSY));
  }

  private Future<Fetched> exchange(URI url) {
    var exchange = new GuardedExchange(client, url, HttpMethod.GET);
    return servers(url)
        .compose(servers -> exchange.connect(servers, 0))
        .compose(exchange::read)
        .timeout(time.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(exchange::abort);
  }

  /** Where the URL's host is; one address that is not public, and none of them counts. */
  private Future<List<SocketAddress>> servers(URI url) {
    var given = Optional.ofNullable(rules.elsewhere().get(url.getHost()));
    return given.isPresent()
        ? Future.succeededFuture(List.of(given.get()))
        : resolver.resolve(url.getHost()).map(addresses -> judged(url, addresses));
  }

  private static List<SocketAddress> judged(URI url, List<InetAddress> addresses) {
    if (addresses.isEmpty()) {
      throw new FetchFailure(url, Reason.UNRESOLVABLE);
    }
    if (!addresses.stream().allMatch(PublicAddress::isPublic)) {
      throw new FetchFailure(url, Reason.PRIVATE_ADDRESS);
    }
    return addresses.stream()
        .limit(ADDRESSES)
        .map(InetAddress::getHostAddress)
        .map(literal -> SocketAddress.inetSocketAddress(GuardedExchange.port(url), literal))
        .toList();
  }

  /** Each of those who wait goes on where it was, not on the event loop of whoever was first. */
  private <T> Future<T> here(Future<T> shared) {
    var context = vertx.getOrCreateContext();
    var mine = Promise.<T>promise();
    shared.onComplete(done -> context.runOnContext(then -> mine.handle(done)));
    return mine.future();
  }

  private static HttpClient client(Vertx vertx, FetchRules rules, Duration time) {
    var options =
        new HttpClientOptions()
            .setSsl(true)
            .setKeepAlive(false)
            .setConnectTimeout((int) Math.min(CONNECT.toMillis(), time.toMillis()))
            .setSslHandshakeTimeout(time.toMillis())
            .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
            .setDecompressionSupported(false);
    rules
        .authorities()
        .ifPresent(pem -> options.setTrustOptions(new PemTrustOptions().addCertValue(pem)));
    return vertx.createHttpClient(
        options,
        new PoolOptions()
            .setHttp1MaxSize(FetchLimits.AT_ONCE)
            .setMaxWaitQueueSize(FetchLimits.AT_ONCE));
  }

  /** Asks the DNS without a thread that waits for it, so that slow servers of it hold up nobody. */
  private static Future<List<InetAddress>> resolve(Vertx vertx, String host) {
    var found = Promise.<List<InetAddress>>promise();
    ((VertxInternal) vertx)
        .nameResolver()
        .resolveAll(
            host,
            done -> {
              if (done.succeeded()) {
                found.complete(done.result().stream().map(InetSocketAddress::getAddress).toList());
              } else {
                found.complete(List.of());
              }
            });
    return found.future();
  }

  /** What was there. */
  public record Fetched(MultiMap headers, Buffer body) {
    /** Shows nothing of it. */
    @Override
    public String toString() {
      return "Fetched[bytes=" + body.length() + "]";
    }
  }

  /** Finds all addresses of a host; none if nobody knows it. */
  @FunctionalInterface
  interface Resolver {
    Future<List<InetAddress>> resolve(String host);
  }
}
