package dev.keyturn.upstream;

import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * Finds out whether Keyturn could register at a provider, and leaves it at that.
 *
 * <p>To look at a configuration must leave no client behind.
 */
final class Rehearsal implements Membership {
  private static final Duration LATER = Duration.ofSeconds(30);

  private final String upstream;
  private final SelfRegistration self;
  private final Offering offering;
  private final Heard heard;
  private Optional<String> reason = Optional.empty();
  private boolean tried;

  Rehearsal(String upstream, SelfRegistration self, Offering offering, Heard heard) {
    this.upstream = upstream;
    this.self = self;
    this.offering = offering;
    this.heard = heard;
  }

  @Override
  public void start() {
    offering
        .now()
        .map(offer -> offer.method(self.authentication()) + " " + offer.where())
        .onComplete(
            found -> {
              tried = true;
              reason = Optional.ofNullable(found.cause()).map(Throwable::getMessage);
              heard.news().run();
            });
  }

  @Override
  public void wake() {
    start();
  }

  @Override
  public UpstreamStatus over(UpstreamStatus provider) {
    if (!provider.ready()) {
      return provider;
    }
    return tried
        ? new UpstreamStatus(upstream, reason.isEmpty(), reason)
        : UpstreamStatus.untried(upstream);
  }

  @Override
  public Future<Void> requireClient() {
    return Future.failedFuture(
        new UnavailableException("nobody registers at " + upstream + " here", LATER));
  }
}
