package dev.keyturn.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

/**
 * How requests travel to backends.
 *
 * @param client the connections to backends; one client per event loop
 * @param maxBody the most that a request's body may have, in bytes
 */
public record Transport(HttpClient client, long maxBody) {
  /** 8 MiB. */
  public static final long DEFAULT_MAX_BODY = 8L * 1024 * 1024;

  /** How long a request waits for a connection, be it a new one or one that others hold. */
  static final long CONNECT_MILLIS = 5_000;

  private static final int CONNECTIONS = 256;
  private static final int WAITING = 1_024;
  private static final int IDLE_SECONDS = 3_600;

  /** Many servers close a connection that is idle for 5 s, and may do so under a new request. */
  private static final int REUSE_SECONDS = 4;

  /** Opens a client of the caller's own, which ends with the verticle that calls. */
  public static Transport open(Vertx vertx, long maxBody) {
    var options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setConnectTimeout((int) CONNECT_MILLIS)
            .setIdleTimeout(IDLE_SECONDS)
            .setKeepAliveTimeout(REUSE_SECONDS);
    var pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING);
    return new Transport(vertx.createHttpClient(options, pool), maxBody);
  }
}
