package dev.keyturn.store.redis;

import dev.keyturn.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.RedisStandaloneConnectOptions;
import io.vertx.redis.client.Request;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/** Opens connections, each with a client of its own, so that one can be given up by itself. */
final class Dial {
  private static final int NEVER = -1;

  private final Vertx vertx;
  private final RedisConfig config;

  Dial(Vertx vertx, RedisConfig config) {
    this.vertx = vertx;
    this.config = config;
  }

  /** A connection to a server that takes changes, or says who does. */
  Future<Link> server(Address address, RedisAccess access) {
    var options = options(config.tls(), access.ca());
    var entry = entry(address, config.tls().isPresent(), database());
    access.user().ifPresent(entry::setUser);
    access.password().map(Secret::value).ifPresent(entry::setPassword);
    return open(address, options, entry).compose(this::requireMaster);
  }

  /** A connection to a Sentinel. */
  Future<Link> sentinel(Address address, RedisAccess access) {
    var options = options(config.sentinelTls(), access.sentinelCa());
    return open(address, options, entry(address, config.sentinelTls().isPresent(), ""));
  }

  private Future<Link> open(
      Address address, RedisOptions options, RedisStandaloneConnectOptions entry) {
    var client = Redis.createStandaloneClient(vertx, options, () -> Future.succeededFuture(entry));
    return connected(client)
        .map(connection -> new Link(vertx, address, client, connection))
        .onFailure(failed -> client.close())
        .recover(failure -> Future.failedFuture(trouble(failure, address)));
  }

  /** The deadline is for all of it: who accepts and says nothing must not hold us either. */
  private Future<RedisConnection> connected(Redis client) {
    return client.connect().timeout(config.timeouts().dial().toMillis(), TimeUnit.MILLISECONDS);
  }

  private static TroubleException trouble(Throwable failure, Address address) {
    return Link.isAnswer(failure)
        ? TroubleException.answered(String.valueOf(failure.getMessage()), address)
        : TroubleException.refused(isOfTls(failure) ? Trouble.UNTRUSTED : Trouble.AWAY, address);
  }

  private static boolean isOfTls(Throwable failure) {
    return failure instanceof SSLException
        || (failure.getCause() != null && isOfTls(failure.getCause()));
  }

  /**
   * A replica would answer reads with what was. Whoever may not ask for the role is told by the
   * first change; in a Cluster a replica names the master.
   */
  private Future<Link> requireMaster(Link link) {
    if (config.place() instanceof RedisConfig.Cluster) {
      return Future.succeededFuture(link);
    }
    return link.send(Request.cmd(Command.ROLE), config.timeouts().read())
        .map(role -> role == null || role.size() == 0 || "master".equals(role.get(0).toString()))
        .recover(failure -> mayNotAsk(failure))
        .compose(
            master -> {
              if (master) {
                return Future.succeededFuture(link);
              }
              link.close();
              return Future.failedFuture(
                  TroubleException.refused(Trouble.READONLY, link.address()));
            })
        .onFailure(failed -> link.close());
  }

  private static Future<Boolean> mayNotAsk(Throwable failure) {
    return failure instanceof TroubleException known
            && known.trouble().isOfUser()
            && !known.mayBeDone()
        ? Future.succeededFuture(true)
        : Future.failedFuture(failure);
  }

  private RedisOptions options(Optional<RedisConfig.Tls> tls, Optional<Buffer> ca) {
    var net =
        new NetClientOptions()
            .setConnectTimeout((int) config.timeouts().dial().toMillis())
            .setTcpKeepAlive(true);
    tls.ifPresent(how -> secure(net, how, ca));
    return new RedisOptions()
        .setNetClientOptions(net)
        .setPoolName("keyturn")
        .setMaxPoolSize(1)
        .setMaxPoolWaiting(1)
        .setPoolCleanerInterval(NEVER)
        .setPoolRecycleTimeout(NEVER);
  }

  private static void secure(NetClientOptions net, RedisConfig.Tls tls, Optional<Buffer> ca) {
    net.setSsl(true).setHostnameVerificationAlgorithm(tls.anybody() ? "" : "HTTPS");
    if (tls.anybody()) {
      net.setTrustAll(true);
    }
    ca.filter(given -> !tls.anybody())
        .ifPresent(pem -> net.setTrustOptions(new PemTrustOptions().addCertValue(pem)));
  }

  private static RedisStandaloneConnectOptions entry(Address address, boolean tls, String path) {
    return new RedisStandaloneConnectOptions()
        .setConnectionString((tls ? "rediss://" : "redis://") + address + path)
        .setMaxWaitingHandlers(4 * Link.MOST);
  }

  private String database() {
    return config.place() instanceof RedisConfig.Sentinel sentinel && sentinel.db() != 0
        ? "/" + sentinel.db()
        : "";
  }

  Duration patience() {
    return config.timeouts().read();
  }
}
