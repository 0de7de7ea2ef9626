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
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last good metadata document of an OpenID provider.
 *
 * <p>Nobody waits for it: until the first document is there, logins are told to come back later.
 * Belongs to one event loop.
 */
final class Discovery {
  private final Vertx vertx;
  private final OutgoingHttp http;
  private final OidcUpstream.Config config;
  private final Surroundings around;
  private final Runnable news;
  private Optional<ProviderMetadata> good = Optional.empty();
  private UpstreamStatus status;
  private int failures;
  private @Nullable Long timer;
  private boolean stopped;

  Discovery(OidcUpstream.Config config, Surroundings around, Runnable news) {
    this.vertx = around.vertx();
    this.http = around.http();
    this.around = around;
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
                        "discovery of " + config.name() + " has not succeeded",
                        around.pace().patience())));
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
    var due = failures == 0 ? around.pace().refresh() : around.pace().afterFailures(failures);
    timer = vertx.setTimer(around.jittered(due), id -> start());
  }

  private void tell(Optional<String> reason) {
    var now = new UpstreamStatus(config.name(), good.isPresent(), reason);
    if (now.equals(status)) {
      return;
    }
    status = now;
    news.run();
  }

  /**
   * How often a provider is asked.
   *
   * @param first the wait after the first failure; it doubles with each further one
   * @param most the longest wait after a failure
   * @param refresh the wait after a success
   * @param look the wait between two looks at what other replicas have found out
   */
  record Pace(Duration first, Duration most, Duration refresh, Duration look) {
    static final Pace USUAL =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofMinutes(1),
            Duration.ofHours(1),
            Duration.ofSeconds(5));

    private static final int MOST_DOUBLINGS = 20;

    /** The wait when so many attempts in a row have failed. */
    Duration afterFailures(int failures) {
      var doubled = first.multipliedBy(1L << Math.min(MOST_DOUBLINGS, failures - 1));
      return doubled.compareTo(most) > 0 ? most : doubled;
    }

    /** What somebody who came too early is told to wait. */
    Duration patience() {
      return Duration.ofSeconds(5);
    }
  }
}
