package dev.keyturn.operator.reconcile;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Asks pods what they have loaded: every 30 s, and every 5 s for three minutes after a change.
 *
 * <p>The API server is not asked for that. An answer is bounded in size and time; a pod that gives
 * none has told nothing.
 */
final class PodWatch implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Duration ALERT = Duration.ofMinutes(3);
  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final int MAX_BODY = 256 * 1024;
  private static final int AT_ONCE = 32;

  private final HttpClient client;
  private final Vertx vertx;
  private final Supplier<List<PodSeen>> pods;
  private final Consumer<PodSeen> changed;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final Map<String, Long> alert = new ConcurrentHashMap<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final long timer;

  /**
   * @param changed hears of a pod that tells something else than before
   */
  PodWatch(Vertx vertx, Supplier<List<PodSeen>> pods, Consumer<PodSeen> changed) {
    this.vertx = vertx;
    this.pods = pods;
    this.changed = changed;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) PATIENCE.toMillis())
                .setKeepAlive(false)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(1));
    this.timer = vertx.setPeriodic(TICK.toMillis(), due -> ask());
  }

  /** What it told last; empty where that is long ago. */
  Optional<Loaded> loaded(PodSeen pod) {
    return Optional.ofNullable(seen.get(id(pod))).flatMap(Seen::loaded);
  }

  /** Has the pods of a Deployment asked more often for a while. */
  void expectChange(String namespace, String deployment) {
    alert.put(namespace + "/" + deployment, System.nanoTime() + ALERT.toNanos());
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    var unused = client.close();
  }

  private void ask() {
    var now = System.nanoTime();
    var all = pods.get();
    alert.values().removeIf(until -> until - now < 0);
    if (seen.size() > all.size()) {
      var ids = all.stream().map(PodWatch::id).toList();
      seen.keySet().retainAll(ids);
    }
    for (var pod : all) {
      var last = seen.get(id(pod));
      if ((last == null || last.at + interval(pod).toNanos() - now <= 0)
          && underWay.get() < AT_ONCE) {
        ask(pod, Optional.ofNullable(last).flatMap(Seen::loaded), now);
      }
    }
  }

  private Duration interval(PodSeen pod) {
    return alert.containsKey(pod.namespace() + "/" + pod.deployment()) ? SOON : USUAL;
  }

  private void ask(PodSeen pod, Optional<Loaded> before, long now) {
    underWay.incrementAndGet();
    seen.put(id(pod), new Seen(now, before));
    var options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(pod.address())
            .setPort(pod.port())
            .setURI("/generation")
            .setFollowRedirects(false)
            .putHeader("Accept", "application/json");
    client
        .request(options)
        .compose(request -> request.send())
        .compose(PodWatch::bounded)
        .map(body -> Loaded.of(new JsonObject(body)))
        .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .map(Optional::of)
        .otherwise(cause -> Optional.empty())
        .onComplete(
            answer -> {
              underWay.decrementAndGet();
              take(pod, before, answer.result(), now);
            });
  }

  private void take(PodSeen pod, Optional<Loaded> before, Optional<Loaded> now, long at) {
    seen.put(id(pod), new Seen(at, now));
    if (!before.equals(now)) {
      expectChange(pod.namespace(), pod.deployment());
      changed.accept(pod);
    }
  }

  private static Future<Buffer> bounded(HttpClientResponse response) {
    if (response.statusCode() != 200) {
      return Future.failedFuture("it answered " + response.statusCode());
    }
    var whole = Promise.<Buffer>promise();
    var body = Buffer.buffer();
    response
        .handler(
            chunk -> {
              if (body.length() + chunk.length() > MAX_BODY) {
                whole.tryFail("its answer is too large");
              } else {
                body.appendBuffer(chunk);
              }
            })
        .exceptionHandler(whole::tryFail)
        .endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private static String id(PodSeen pod) {
    return pod.namespace() + "/" + pod.name() + "/" + pod.address() + ":" + pod.port();
  }

  private record Seen(long at, Optional<Loaded> loaded) {}
}
