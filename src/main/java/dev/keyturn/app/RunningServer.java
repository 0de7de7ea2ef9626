package dev.keyturn.app;

import dev.keyturn.audit.AuditLog;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.Means;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.Stores;
import dev.keyturn.store.KeyValueStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One run of a server in this JVM: its Vert.x, its means, and a stop on Ctrl-C or SIGTERM. */
final class RunningServer {
  /** Without the method, of which a stranger can make up any number. */
  private static final Set<Label> LABELS =
      EnumSet.of(Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME, Label.EB_SIDE);

  private static final Duration STOP = Duration.ofSeconds(30);

  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Vertx vertx =
      Vertx.builder()
          .with(
              new VertxOptions()
                  .setMetricsOptions(
                      new MicrometerMetricsOptions().setEnabled(true).setLabels(LABELS))
                  .setFileSystemOptions(
                      new FileSystemOptions()
                          .setClassPathResolvingEnabled(false)
                          .setFileCachingEnabled(false)))
          .withMetrics(new MicrometerMetricsFactory(metrics))
          .build();
  private final Means means;

  private RunningServer(Opening opening) throws IOException {
    try {
      var random = new SecureRandom();
      var stores = new Stores(vertx, new BusNames(""), metrics, random, Clock.systemUTC());
      means =
          new Means(
              opening.store(stores),
              CryptoProvider.detect(),
              metrics,
              new AuditLog(),
              random,
              Clock.systemUTC());
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Everything is in memory, and nothing on disk. */
  static RunningServer inMemory() throws IOException {
    return new RunningServer(stores -> Stores.inMemory(Clock.systemUTC()));
  }

  /**
   * With the store that was configured.
   *
   * @throws IOException if it cannot be opened
   */
  static RunningServer with(RunConfig config, Ephemeral made) throws IOException {
    return new RunningServer(stores -> stores.open(config, made));
  }

  Vertx vertx() {
    return vertx;
  }

  Means means() {
    return means;
  }

  /** Waits until {@code starting} is done, however long; on failure nothing goes on. */
  <T> T started(Future<T> starting) throws Exception {
    try {
      return starting.toCompletionStage().toCompletableFuture().get();
    } catch (ExecutionException e) {
      close();
      throw e;
    }
  }

  /** Blocks until the process is told to stop, then stops. */
  void runUntilStopped(Supplier<Future<Void>> stop) throws InterruptedException {
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  await(stop.get());
                  close();
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }

  private void close() {
    await(vertx.close());
  }

  private static void await(Future<?> future) {
    try {
      future.toCompletionStage().toCompletableFuture().get(STOP.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      // The process ends all the same.
    }
  }

  private interface Opening {
    KeyValueStore store(Stores stores) throws IOException;
  }
}
