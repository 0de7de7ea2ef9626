package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import dev.keyturn.http.OutgoingHttp.Answer;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good metadata document of an OpenID provider.
 *
 * <p>Nobody waits for it: until the first document is there, logins are told to come back later.
 * Belongs to one event loop.
 */
final class Discovery {
  private static final int MOST_DOUBLINGS = 20;

  private final Vertx vertx;
  private final OutgoingHttp http;
  private final OidcUpstream.Config config;
  private final RandomGenerator random;
  private final Pace pace;
  private final Runnable news;
  private Optional<ProviderMetadata> good = Optional.empty();
  private UpstreamStatus status;
  private int failures;
  private @Nullable Long timer;
  private boolean stopped;

  Discovery(OidcUpstream.Config config, Surroundings around, Runnable news) {
    this.vertx = around.vertx();
    this.http = around.http();
    this.random = around.random();
    this.pace = around.pace();
    this.config = config;
    this.news = news;
    this.status = UpstreamStatus.untried(config.name());
  }

  /** Fetches the document now, and then again and again. */
  void start() {
    http.get(URI.create(config.issuer().document()), Map.of())
        .map(this::parse)
        .onComplete(this::learn);
  }

  void stop() {
    stopped = true;
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  /** The last good document. */
  Future<ProviderMetadata> current() {
    return good.map(Future::succeededFuture)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new UnavailableException(
                        "discovery of " + config.name() + " has not succeeded", pace.patience())));
  }

  UpstreamStatus status() {
    return status;
  }

  private ProviderMetadata parse(Answer answer) {
    if (answer.status() != 200) {
      throw new IllegalArgumentException("the discovery document has status " + answer.status());
    }
    var reach = config.registration().reach();
    return ProviderMetadata.parse(answer.body().getBytes(), config.issuer(), reach);
  }

  private void learn(AsyncResult<ProviderMetadata> fetched) {
    if (stopped) {
      return;
    }
    failures = fetched.succeeded() ? 0 : failures + 1;
    good = fetched.succeeded() ? Optional.of(fetched.result()) : good;
    tell(Optional.ofNullable(fetched.cause()).map(cause -> String.valueOf(cause.getMessage())));
    timer = vertx.setTimer(delay().toMillis(), id -> start());
  }

  private void tell(Optional<String> reason) {
    var now = new UpstreamStatus(config.name(), good.isPresent(), reason);
    if (now.equals(status)) {
      return;
    }
    status = now;
    news.run();
  }

  /** Somewhat less than is due, so that many servers do not ask at the same moment. */
  private Duration delay() {
    if (failures == 0) {
      return jittered(pace.refresh());
    }
    var doubled = pace.first().multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1));
    return jittered(doubled.compareTo(pace.most()) > 0 ? pace.most() : doubled);
  }

  private Duration jittered(Duration due) {
    var half = Math.max(1, due.toMillis() / 2);
    return Duration.ofMillis(half + random.nextLong(half + 1));
  }

  /**
   * How often a provider is asked.
   *
   * @param first the wait after the first failure; it doubles with each further one
   * @param most the longest wait after a failure
   * @param refresh the wait after a success
   */
  record Pace(Duration first, Duration most, Duration refresh) {
    static final Pace USUAL =
        new Pace(Duration.ofSeconds(1), Duration.ofMinutes(1), Duration.ofHours(1));

    /** What somebody who came too early is told to wait. */
    Duration patience() {
      return Duration.ofSeconds(5);
    }
  }
}
