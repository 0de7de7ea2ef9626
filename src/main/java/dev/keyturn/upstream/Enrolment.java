package dev.keyturn.upstream;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.EnrolmentNews.Outcome;
import dev.keyturn.upstream.Enrolments.Found;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who Keyturn is at a provider where it registers itself, once for all replicas.
 *
 * <p>What one replica has become all of them are: each looks at the record in the store every few
 * seconds, and at once when it meets a client that it does not know. What is to be done at the
 * provider is done by {@link EnrolmentWork}, under a lease.
 */
final class Enrolment implements Membership {
  private static final Duration AGE = Duration.ofDays(7);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);
  private static final int LOOKS = 20;

  private final Enrolments records;
  private final Surroundings around;
  private final Heard heard;
  private final EnrolmentWork work;
  private final String id;
  private UpstreamConfig config;
  private EnrolmentRecord known = EnrolmentRecord.NONE;
  private KnownClients told = KnownClients.NONE;
  private Optional<String> reason = Optional.empty();
  private Optional<Outcome> failure = Optional.empty();
  private boolean tried;
  private int failures;
  private boolean resting;
  private boolean busy;
  private boolean again;
  private boolean stopped;
  private @Nullable Long timer;

  Enrolment(
      UpstreamConfig config,
      SelfRegistration self,
      Offering offering,
      Surroundings around,
      Enrolments records,
      Heard heard) {
    this.config = config;
    this.around = around;
    this.records = records;
    this.heard = heard;
    this.id = records.id(config, self);
    this.work = new EnrolmentWork(id, records, offering, around, this::take);
  }

  @Override
  public void start() {
    tick();
  }

  @Override
  public void stop() {
    stopped = true;
    cancel();
  }

  @Override
  public void wake() {
    resting = false;
    failures = 0;
    tried = isClient();
    if (busy) {
      again = true;
    } else {
      cancel();
      tick();
    }
  }

  @Override
  public void follow(UpstreamConfig next) {
    config = next;
  }

  @Override
  public UpstreamStatus over(UpstreamStatus provider) {
    if (!provider.ready()) {
      return provider;
    }
    if (!isClient() && !tried) {
      return UpstreamStatus.untried(config.name());
    }
    return new UpstreamStatus(config.name(), isClient(), provider.reason().or(() -> reason));
  }

  @Override
  public Future<Void> requireClient() {
    return isClient()
        ? Future.succeededFuture()
        : Future.failedFuture(
            new UnavailableException(
                config.name() + " has not registered us yet", around.pace().patience()));
  }

  @Override
  public Future<Void> learn(BooleanSupplier isKnown) {
    return isKnown.getAsBoolean() ? Future.succeededFuture() : look();
  }

  /** Whoever is at work may have changed the secret at the provider and not in the store yet. */
  @Override
  public Future<Void> refused(Credentials who) {
    return look(who, LOOKS).otherwiseEmpty();
  }

  @Override
  public void accepted(Credentials who) {
    work.own(who);
  }

  /** That it is so often said makes us ask the provider no more often. */
  @Override
  public void unknown(Credentials who) {
    if (who.equals(told.current())) {
      work.disown(config, known, who);
      if (work.isDue(config, known) && !resting && !busy) {
        cancel();
        tick();
      }
    } else {
      known
          .named(who.clientId())
          .filter(client -> client.credentials().equals(who))
          .ifPresent(client -> work.forget(config, client));
    }
  }

  private Future<Void> look(Credentials who, int looks) {
    return look()
        .compose(seen -> records.isLeased(id))
        .compose(
            leased ->
                leased && looks > 0 && who.equals(told.current())
                    ? around
                        .vertx()
                        .timer(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)
                        .compose(over -> look(who, looks - 1))
                    : Future.succeededFuture());
  }

  /** What the store has forgotten it is told again. */
  private Future<Void> look() {
    return records
        .read(id)
        .compose(
            found ->
                found.version().isEmpty() && !known.clients().isEmpty()
                    ? records.write(id, found, known).compose(written -> records.read(id))
                    : Future.succeededFuture(found))
        .map(this::take)
        .mapEmpty();
  }

  /** Goes by what the store has from now on. */
  private EnrolmentRecord take(Found found) {
    var now = around.clock().instant();
    known = found.record();
    var next = known.known(config.registration().purpose(), now);
    if (!next.equals(told)) {
      told = next;
      heard.clients().accept(next);
      heard.news().run();
    }
    var isOld = now.isAfter(known.written().plus(AGE)) || !found.current();
    if (isOld && !known.clients().isEmpty()) {
      records.write(id, found, known.at(now)).otherwise(false);
    }
    return known;
  }

  private boolean isClient() {
    return !told.current().equals(Credentials.NOBODY);
  }

  private void tick() {
    timer = null;
    busy = true;
    look()
        .compose(
            seen ->
                resting || !work.isDue(config, known)
                    ? Future.succeededFuture(true)
                    : work.run(config))
        .onComplete(this::settle);
  }

  /** The result tells whether anything is left for soon. */
  private void settle(AsyncResult<Boolean> done) {
    busy = false;
    if (stopped) {
      return;
    }
    if (done.failed()) {
      fail(done.cause());
    } else if (done.result() && !resting) {
      failures = 0;
      reason = Optional.empty();
      failure = Optional.empty();
    }
    tried = tried || done.failed() || isClient();
    heard.news().run();
    var soon = done.succeeded() && !done.result();
    timer =
        around
            .vertx()
            .setTimer(
                again ? 1 : around.jittered(soon ? around.pace().first() : around.pace().look()),
                due -> tick());
    again = false;
  }

  private void fail(Throwable cause) {
    var isOurs = cause instanceof EnrolmentFailure || cause instanceof UnavailableException;
    var words = isOurs ? cause.getMessage() : cause.getClass().getSimpleName();
    reason = Optional.of("it has not registered us: " + words);
    if (!(cause instanceof EnrolmentFailure no)) {
      return; // The store is away, or the metadata, for which nobody has to be asked less often.
    }
    if (!failure.equals(Optional.of(no.outcome()))) {
      failure = Optional.of(no.outcome());
      around.enrolled().accept(new EnrolmentNews(config.name(), no.outcome()));
    }
    failures++;
    resting = true;
    var pause = no.askedToWait().orElseGet(() -> around.pace().afterFailures(failures));
    around
        .vertx()
        .setTimer(
            around.jittered(pause),
            rested -> {
              resting = false;
              if (!stopped && !busy) {
                cancel();
                tick();
              }
            });
  }

  private void cancel() {
    if (timer != null) {
      around.vertx().cancelTimer(timer);
      timer = null;
    }
  }
}
