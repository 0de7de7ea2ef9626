package dev.keyturn.app;

import dev.keyturn.app.source.ConfigMapKey;
import dev.keyturn.app.source.ConfigMapSource;
import dev.keyturn.app.source.LatestDocument;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.SecretFiles;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The key of a ConfigMap that {@code --config} names, asked for from now on.
 *
 * <p>It has a Vert.x of its own, since there is none yet when a configuration is first read. Its
 * threads keep no process alive.
 */
final class ConfigurationMap implements ConfigurationPlace {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ConfigMapKey key;
  private final LatestDocument latest;
  private final Vertx vertx =
      Vertx.vertx(
          new VertxOptions()
              .setUseDaemonThread(true)
              .setEventLoopPoolSize(1)
              .setWorkerPoolSize(1)
              .setInternalBlockingPoolSize(1)
              .setFileSystemOptions(
                  new FileSystemOptions()
                      .setClassPathResolvingEnabled(false)
                      .setFileCachingEnabled(false)));
  private final ConfigMapSource source;

  ConfigurationMap(ConfigMapKey key, Pod pod) {
    this.key = key;
    this.latest = new LatestDocument(Path.of(key.toString()), new Disk());
    this.source =
        new ConfigMapSource(vertx, key, pod, ConfigMapSource.Pace.USUAL, new SecureRandom());
  }

  @Override
  public String name() {
    return key.toString();
  }

  @Override
  public String read() throws Exception {
    try {
      var text = done(source.read());
      latest.holds(text);
      return text;
    } catch (ExecutionException e) {
      throw new IOException("the configuration " + key + " cannot be read: " + reason(e), e);
    }
  }

  @Override
  public SecretFiles files() {
    source.follow(latest);
    return latest;
  }

  @Override
  public void close() {
    try {
      done(source.close().eventually(vertx::close));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // What is left are daemon threads, which end with the process.
    }
  }

  private static String reason(ExecutionException failure) {
    return failure.getCause() == null ? "" : String.valueOf(failure.getCause().getMessage());
  }

  private static <T> T done(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }
}
