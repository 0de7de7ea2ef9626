package dev.keyturn.server;

import dev.keyturn.config.Finding;
import dev.keyturn.keys.KeyKeeper;
import dev.keyturn.keys.KeysNow;
import dev.keyturn.keys.KeysRefusedException;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The way from what is in force to what is wanted: first the keys, then the identity providers,
 * then the endpoints, so that nothing is offered before it is there.
 *
 * <p>What cannot be done now, because the store is away, is tried again; what can never be done is
 * refused as a whole. One verticle uses it.
 */
final class Changeover {
  private final Live live;
  private final KeyKeeper keeper;
  private final UpstreamFleet upstreams;
  private final ConfigNews news;
  private final Function<Listen.Tls, Future<Void>> certificates;
  private final Clock clock;
  private RunConfig wanted;
  private boolean isEntered = true;

  /**
   * @param certificates serves another certificate
   */
  Changeover(
      Live live,
      KeyKeeper keeper,
      UpstreamFleet upstreams,
      ConfigNews news,
      Function<Listen.Tls, Future<Void>> certificates,
      Clock clock) {
    this.live = live;
    this.keeper = keeper;
    this.upstreams = upstreams;
    this.news = news;
    this.certificates = certificates;
    this.clock = clock;
    this.wanted = live.inForce().config();
  }

  /** Puts {@code next} in force, now or as soon as that is possible. */
  Future<Void> to(RunConfig next) {
    wanted = next;
    isEntered = false;
    news.recovered();
    // Even where nothing else can be done: the store may be away because of it.
    if (next.storage().equals(live.inForce().config().storage())) {
      Stores.renew(live.lasting().means().store(), next);
    }
    return again();
  }

  /** Does what has become due, or could not be done before. */
  Future<Void> again() {
    var next = wanted;
    return keeper
        .keep(next.declared())
        .compose(
            keys ->
                isEntered && live.inForce().keys().equals(keys)
                    ? Future.succeededFuture()
                    : enter(next, keys))
        .recover(this::giveUp);
  }

  /** How long until something is due whatever the files say. */
  Duration nextLook() {
    var now = clock.instant();
    var poll = live.inForce().config().secrets().watching().pollInterval();
    return live.inForce()
        .keys()
        .nextChange()
        .map(due -> Duration.between(now, due))
        .filter(wait -> !wait.isNegative() && wait.compareTo(poll) < 0)
        .orElse(poll);
  }

  private Future<Void> enter(RunConfig next, KeysNow keys) {
    var before = live.inForce();
    return upstreams
        .have(next.upstreams())
        .compose(there -> certify(before.config().listen(), next.listen()))
        .compose(there -> offer(isEntered ? before.with(keys) : before.followedBy(next, keys)))
        .compose(there -> upstreams.keepOnly(next.upstreams()));
  }

  private Future<Void> offer(InForce next) {
    var before = live.inForce();
    live.enter(next);
    isEntered = true;
    news.changed(before, next);
    return Future.succeededFuture();
  }

  private Future<Void> certify(Listen before, Listen next) {
    return next.tls()
        .filter(tls -> !before.tls().equals(Optional.of(tls)))
        .map(certificates)
        .orElseGet(Future::succeededFuture);
  }

  /** What was wanted last is wanted no more if it can never be; else it is tried again. */
  private Future<Void> giveUp(Throwable failure) {
    if (failure instanceof IllegalArgumentException) {
      wanted = live.inForce().config();
      isEntered = true;
      news.refused(
          List.of(new Finding(Finding.Severity.ERROR, setting(failure), message(failure))));
      return Future.succeededFuture();
    }
    return Future.failedFuture(failure);
  }

  private static String setting(Throwable failure) {
    return failure instanceof KeysRefusedException refused
        ? switch (refused.kind()) {
          case SIGNING -> "signing_key_config";
          case HMAC -> "hmac_secret_files";
          case COOKIE -> "cookies.key_files";
          case VAULT -> "vault.key_files";
        }
        : "";
  }

  private static String message(Throwable failure) {
    return String.valueOf(failure.getMessage());
  }
}
