package dev.keyturn.store.redis;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection, on which operations follow each other without waiting for answers.
 *
 * <p>One that leaves an operation without an answer is given up, with all that waits on it: what
 * comes later could not be told apart from what was given up. For its event loop only.
 */
final class Link {
  /** The most operations that wait on one connection. */
  static final int MOST = 1024;

  private final Address address;
  private final Redis client;
  private final RedisConnection connection;
  private final Vertx vertx;
  private Optional<Promise<Integer>> sync = Optional.empty();
  private int waiting;
  private boolean closed;
  private boolean retiring;

  Link(Vertx vertx, Address address, Redis client, RedisConnection connection) {
    this.vertx = vertx;
    this.address = address;
    this.client = client;
    this.connection = connection;
    connection.endHandler(end -> close()).exceptionHandler(broken -> close());
  }

  Address address() {
    return address;
  }

  boolean isOpen() {
    return !closed && !retiring;
  }

  /** How many operations wait for an answer. */
  int waiting() {
    return waiting;
  }

  /** What a server answered, in place of what was asked for. */
  static boolean isAnswer(Throwable failure) {
    return failure instanceof Response response
        && response.type() == ResponseType.ERROR
        && !"CONNECTION_CLOSED".equals(failure.getMessage());
  }

  /** The answer; fails with {@link TroubleException}. */
  Future<@Nullable Response> send(Request request, Duration patience) {
    if (closed) {
      return Future.failedFuture(TroubleException.refused(Trouble.AWAY, address));
    }
    waiting++;
    return connection
        .send(request)
        .timeout(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS)
        .onComplete(done -> waiting--)
        .recover(failure -> Future.failedFuture(lost(failure)))
        .onComplete(done -> closeIfIdle());
  }

  /**
   * How many replicas have what was sent here up to now. It is asked once for all that is sent in
   * the same moment, since the server does nothing else on this connection until it knows.
   */
  Future<Integer> replicas(RedisConfig.Waiting waiting, Duration patience) {
    if (sync.isPresent()) {
      return sync.get().future();
    }
    Promise<Integer> promise = Promise.promise();
    sync = Optional.of(promise);
    var request =
        Request.cmd(Command.WAIT).arg(waiting.replicas()).arg(waiting.longest().toMillis());
    vertx.runOnContext(
        go -> {
          sync = Optional.empty();
          send(request, patience)
              .map(count -> count == null ? 0 : count.toInteger())
              .onComplete(promise);
        });
    return promise.future();
  }

  /** Takes no more operations, and ends when the last one is answered. */
  void retire() {
    retiring = true;
    closeIfIdle();
  }

  Future<Void> close() {
    if (closed) {
      return Future.succeededFuture();
    }
    closed = true;
    return client.close();
  }

  private void closeIfIdle() {
    if (retiring && waiting == 0) {
      close();
    }
  }

  private TroubleException lost(Throwable failure) {
    if (isAnswer(failure)) {
      return TroubleException.answered(String.valueOf(failure.getMessage()), address);
    }
    if (failure instanceof TimeoutException) {
      close();
      return TroubleException.unanswered(Trouble.TIMEOUT, address);
    }
    close();
    return TroubleException.unanswered(Trouble.AWAY, address);
  }
}
