package dev.keyturn.store.redis;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Versioned;
import dev.keyturn.store.redis.LoopVerticle.Home;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A store in Redis, for several processes.
 *
 * <p>Times to live are by the clock of Redis alone, so that clocks of ours do not matter. Opening
 * needs no server: while there is none, operations fail with {@link UnavailableException}.
 */
public final class RedisStore implements KeyValueStore {
  private static final Duration RETRY = Duration.ofSeconds(1);

  private final Vertx vertx;
  private final Operations operations;
  private final Condition condition;
  private final AtomicReference<Credentials> credentials;
  private final Map<Thread, Home> homes = new ConcurrentHashMap<>();
  private final Future<String> deployment;

  private RedisStore(
      Vertx vertx, RedisConfig config, RedisAccess access, StoreWatch watch, SecureRandom random) {
    this.vertx = vertx;
    this.operations = new Operations(config.keyPrefix(), random);
    this.condition = new Condition(watch);
    this.credentials = new AtomicReference<>(Credentials.first(access));
    this.deployment =
        vertx.deployVerticle(
            () ->
                new LoopVerticle(
                    homes, loop -> new Loop(loop, config, condition, credentials::get)),
            new DeploymentOptions().setInstances(VertxOptions.DEFAULT_EVENT_LOOP_POOL_SIZE));
  }

  /**
   * Opens a store.
   *
   * @param random makes what tells a write from all others
   */
  public static RedisStore open(
      Vertx vertx, RedisConfig config, RedisAccess access, StoreWatch watch, SecureRandom random) {
    return new RedisStore(vertx, config, access, watch, random);
  }

  /** Opens the servers with this from now on; what is under way goes on. */
  public void use(RedisAccess access) {
    var before = credentials.getAndUpdate(now -> now.followedBy(access));
    if (!before.current().equals(access)) {
      homes.values().forEach(home -> home.context().runOnContext(go -> home.loop().renew()));
    }
  }

  /** The servers that are in trouble, with the reason. */
  public Map<String, String> troubles() {
    return condition.troubles();
  }

  @Override
  public Future<Void> put(String key, Buffer value, Duration ttl) {
    return call(operations.put(key, value, ttl)).mapEmpty();
  }

  @Override
  public Future<Boolean> putIfAbsent(String key, Buffer value, Duration ttl) {
    return call(operations.putIfAbsent(key, value, ttl));
  }

  @Override
  public Future<Optional<Versioned<Buffer>>> get(String key) {
    return call(operations.get(key));
  }

  @Override
  public Future<Optional<Buffer>> take(String key) {
    return call(operations.take(key));
  }

  @Override
  public Future<Boolean> replace(String key, long version, Buffer next, Duration ttl) {
    return call(operations.replace(key, version, next, ttl));
  }

  @Override
  public Future<Boolean> delete(String key, long version) {
    return call(operations.delete(key, version));
  }

  @Override
  public Future<Long> count(String key, Duration ttl) {
    return call(operations.count(key, ttl));
  }

  @Override
  public Future<Void> close() {
    return deployment.compose(
        id -> vertx.deploymentIDs().contains(id) ? vertx.undeploy(id) : Future.succeededFuture());
  }

  /** Done on the event loop of the caller, if it has one; answered there in any case. */
  private <T> Future<T> call(Operation<T> operation) {
    var here = Optional.ofNullable(homes.get(Thread.currentThread()));
    var caller = Optional.ofNullable(Vertx.currentContext());
    Promise<T> answer = Promise.promise();
    here.or(() -> homes.values().stream().findFirst())
        .map(Future::succeededFuture)
        .orElseGet(() -> deployment.map(id -> homes.values().iterator().next()))
        .onFailure(failed -> answer.fail(new UnavailableException("the store is closed", RETRY)))
        .onSuccess(
            home ->
                home.context()
                    .runOnContext(
                        go ->
                            Call.of(home.loop(), operation)
                                .onComplete(
                                    done ->
                                        caller.ifPresentOrElse(
                                            at -> at.runOnContext(back -> answer.handle(done)),
                                            () -> answer.handle(done)))));
    return answer.future();
  }
}
