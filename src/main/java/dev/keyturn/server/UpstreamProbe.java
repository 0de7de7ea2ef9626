package dev.keyturn.server;

import dev.keyturn.upstream.UpstreamConfig;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.upstream.UpstreamStatus;
import dev.keyturn.upstream.UpstreamVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Asks an identity provider once what the server would ask it at its start. */
public final class UpstreamProbe {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String PREFIX = "check.";

  private final Vertx vertx;
  private final SecureRandom random;
  private final Clock clock;

  public UpstreamProbe(Vertx vertx, SecureRandom random, Clock clock) {
    this.vertx = vertx;
    this.random = random;
    this.clock = clock;
  }

  /** What the provider turned out to be; never fails. */
  public Future<UpstreamStatus> ask(UpstreamConfig config) {
    var tried = Promise.<UpstreamStatus>promise();
    var owner = new UpstreamVerticle(config, PREFIX, clock, random);
    return UpstreamOverBus.changed(PREFIX)
        .listen(
            vertx,
            news -> {
              if (news.name().equals(config.name()) && news.isTried()) {
                tried.tryComplete(news);
              }
            })
        .completion()
        .compose(listening -> vertx.deployVerticle(owner))
        .compose(
            id ->
                tried
                    .future()
                    .timeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .eventually(() -> vertx.undeploy(id)))
        .otherwise(
            failure ->
                new UpstreamStatus(config.name(), false, Optional.of("it did not answer in time")));
  }
}
