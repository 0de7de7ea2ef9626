package dev.keyturn.operator.reconcile;

import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Comparator;
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
 * <p>The API server is not asked for that. An answer is bounded in size and time, and what takes
 * longer is ended; a pod that gives none has told nothing. Those that were asked longest ago are
 * first, so that no number of new pods keeps an old one from being asked.
 */
final class PodWatch implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final Duration SOON = Duration.ofSeconds(5);
  private static final Duration USUAL = Duration.ofSeconds(30);
  private static final Duration ALERT = Duration.ofMinutes(3);
  private static final Duration CONNECTING = Duration.ofSeconds(2);
  private static final Duration ANSWERING = Duration.ofSeconds(3);
  private static final int MAX_BODY = 256 * 1024;
  private static final int AT_ONCE = 32;

  private final HttpClient client;
  private final Vertx vertx;
  private final int port;
  private final Supplier<List<PodSeen>> pods;
  private final Consumer<PodSeen> changed;
  private final Map<String, Seen> seen = new ConcurrentHashMap<>();
  private final Map<String, Long> alert = new ConcurrentHashMap<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private final long timer;

  /**
   * @param port where each is asked
   * @param changed hears of a pod that tells something else than before
   */
  PodWatch(Vertx vertx, int port, Supplier<List<PodSeen>> pods, Consumer<PodSeen> changed) {
    this.vertx = vertx;
    this.port = port;
    this.pods = pods;
    this.changed = changed;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) CONNECTING.toMillis())
                .setKeepAlive(false)
                .setDecompressionSupported(false),
            new PoolOptions().setHttp1MaxSize(1).setMaxWaitQueueSize(1));
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
    seen.keySet().retainAll(all.stream().map(PodWatch::id).collect(toSet()));
    all.stream()
        .filter(pod -> age(pod, now) >= interval(pod).toNanos())
        .sorted(Comparator.comparingLong(pod -> -age(pod, now)))
        .limit(AT_ONCE - underWay.get())
        .forEach(pod -> ask(pod, loaded(pod), now));
  }

  /** For how long it was not asked; one that is new is due, and after those that are overdue. */
  private long age(PodSeen pod, long now) {
    return now - seen.computeIfAbsent(id(pod), any -> Seen.due(now)).at;
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
            .setPort(port)
            .setConnectTimeout(CONNECTING.toMillis())
            .setURI("/generation")
            .setFollowRedirects(false)
            .putHeader("Accept", "application/json");
    client
        .request(options)
        .compose(PodWatch::answer)
        .map(body -> Loaded.of(new JsonObject(body)))
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

  /** One that is late or too large is not listened to any longer. */
  private static Future<Buffer> answer(HttpClientRequest request) {
    return request
        .send()
        .compose(PodWatch::bounded)
        .timeout(ANSWERING.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(cause -> request.reset());
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
    return pod.namespace() + "/" + pod.name() + "/" + pod.address();
  }

  private record Seen(long at, Optional<Loaded> loaded) {
    static Seen due(long now) {
      return new Seen(now - USUAL.toNanos(), Optional.empty());
    }
  }
}
