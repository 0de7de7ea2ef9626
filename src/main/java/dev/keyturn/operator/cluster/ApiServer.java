package dev.keyturn.operator.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * The API server of our cluster.
 *
 * <p>The token leaves this process only after the server has shown a certificate that the cluster's
 * own authorities vouch for. Authorities and token are read for each piece of work, since both are
 * replaced while we run; so no connection outlives the authorities that it was made under.
 */
public final class ApiServer {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** A piece of work asks for several things at once. */
  private static final int CONNECTIONS = 8;

  private final Vertx vertx;
  private final Pod pod;

  public ApiServer(Vertx vertx, Pod pod) {
    this.vertx = vertx;
    this.pod = pod;
  }

  /**
   * Lets {@code work} make calls; whatever of it is not done when {@code patience} is over, ends. A
   * failure of the server is a {@link ClusterException}.
   */
  public <T> Future<T> work(Duration patience, Function<ApiCalls, Future<T>> work) {
    return vertx
        .executeBlocking(this::account, false)
        .compose(account -> work(patience, work, account))
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof TimeoutException
                        ? new ClusterException("the API server did not answer in time")
                        : cause));
  }

  private <T> Future<T> work(
      Duration patience, Function<ApiCalls, Future<T>> work, Account account) {
    var client = connecting(account);
    return Future.succeededFuture(new ApiCalls(vertx, client, account.token))
        .compose(work)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .eventually(client::close);
  }

  private HttpClient connecting(Account account) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setDefaultHost(pod.host())
            .setDefaultPort(pod.port())
            .setSsl(true)
            .setVerifyHost(true)
            .setTrustOptions(new PemTrustOptions().addCertValue(account.authorities))
            .setConnectTimeout((int) CONNECT.toMillis())
            .setDecompressionSupported(false),
        new PoolOptions().setHttp1MaxSize(CONNECTIONS));
  }

  private Account account() {
    return new Account(pod.token(), Buffer.buffer(pod.authorities()));
  }

  /** Who we are, and whom we believe. */
  private record Account(String token, Buffer authorities) {
    @Override
    public String toString() {
      return "Account[hidden]";
    }
  }
}
