package dev.keyturn.store.redis;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.redis.Operation.Changes;
import dev.keyturn.store.redis.Operation.Confirms;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One operation on its way, until it is done or its time is over.
 *
 * <p>It is sent again where a server says that it was not carried out, and where it spoils nothing.
 * A change without an answer is looked for by its stamp. That it is not found proves nothing, since
 * it may still be on its way: then it fails, and is never sent again.
 */
final class Call<T> {
  private static final Logger LOG = LoggerFactory.getLogger(RedisStore.class);

  static final Duration DEADLINE = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(10);

  /** With less time than this left, a change would not be known to be refused, but be unknown. */
  private static final Duration ANSWER = Duration.ofMillis(250);

  private static final int MOST_PAUSES = 4;
  private static final int MOST_REDIRECTS = 5;

  private final Loop loop;
  private final Operation<T> operation;
  private final long deadline;
  private Optional<Address> elsewhere = Optional.empty();
  private boolean asking;
  private boolean whole;
  private int redirects;
  private int pauses;

  private Call(Loop loop, Operation<T> operation, long deadline) {
    this.loop = loop;
    this.operation = operation;
    this.deadline = deadline;
  }

  /** The result; fails with {@link UnavailableException}. */
  static <T> Future<T> of(Loop loop, Operation<T> operation) {
    var begin = System.nanoTime();
    var breaker = loop.breaker(operation.key());
    var refusal = breaker.refusal(begin);
    var done =
        refusal.isPresent()
            ? Future.<T>failedFuture(refusal.get())
            : new Call<>(loop, operation, begin + DEADLINE.toNanos())
                .attempt()
                .onSuccess(result -> breaker.close())
                .onFailure(failure -> judge(breaker, failure));
    return done.onComplete(end -> loop.condition().tell(operation.name(), begin, end.cause()))
        .recover(Call::unavailable);
  }

  private static void judge(Breaker breaker, Throwable failure) {
    if (failure instanceof TroubleException met && met.trouble().isOfAll()) {
      breaker.open(met, System.nanoTime());
    } else if (failure instanceof TroubleException met && met.trouble() == Trouble.UNKNOWN) {
      breaker.leave(System.nanoTime());
    } else {
      breaker.close();
    }
  }

  /** Anything else is a mistake of ours, which must be seen. */
  private static <T> Future<T> unavailable(Throwable failure) {
    if (!(failure instanceof TroubleException)) {
      LOG.atError().setMessage("an operation of the store broke").setCause(failure).log();
    }
    return Future.failedFuture(
        new UnavailableException("the store: " + failure.getMessage(), RETRY));
  }

  private Future<T> attempt() {
    return inTime(target(), loop.router().place(operation.key()))
        .compose(this::attempt, failure -> judge(failure, Optional.empty()));
  }

  /** Who cannot even be reached may no longer be the one who has the key. */
  private Future<T> attempt(Address address) {
    return inTime(loop.links(address).link(), address)
        .compose(this::sent)
        .onSuccess(done -> loop.condition().fine(address, operation))
        .recover(failure -> judge(failure, Optional.of(address)));
  }

  private Future<Address> target() {
    return elsewhere
        .map(Future::succeededFuture)
        .orElseGet(() -> loop.router().owner(operation.key()));
  }

  /** A connection may take longer than this operation can wait; the next one will find it. */
  private <F> Future<F> inTime(Future<F> future, Object awaited) {
    if (future.isComplete()) {
      return future;
    }
    return future
        .timeout(millisLeft(), TimeUnit.MILLISECONDS)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof TroubleException
                        ? failure
                        : TroubleException.refused(Trouble.AWAY, awaited)));
  }

  private Future<T> sent(Link link) {
    if (asking) {
      link.send(Request.cmd(Command.ASKING), patience());
    }
    var request = whole ? operation.whole().orElseThrow() : operation.request();
    var answer = link.send(request, patience());
    // On the same connection at once: it waits for what was written there before.
    var waiting = loop.config().waiting();
    var replicas =
        operation.waits() && waits()
            ? link.replicas(waiting, waiting.longest().plus(PATIENCE))
            : Future.succeededFuture(0);
    return answer
        .compose(read -> result(read, link))
        .compose(
            result ->
                waits() && operation.changed(result)
                    ? replicas.compose(count -> synced(result, count, link))
                    : Future.succeededFuture(result));
  }

  private Future<T> result(@Nullable Response answer, Link link) {
    try {
      return Future.succeededFuture(operation.reader().apply(answer));
    } catch (ForeignValueException e) {
      return Future.failedFuture(TroubleException.refused(Trouble.FOREIGN, link.address()));
    } catch (RuntimeException e) {
      return Future.failedFuture(TroubleException.refused(Trouble.ODD, link.address()));
    }
  }

  private boolean waits() {
    return loop.config().waiting().replicas() > 0;
  }

  private Future<T> synced(T result, int replicas, Link link) {
    return replicas >= loop.config().waiting().replicas()
        ? Future.succeededFuture(result)
        : Future.failedFuture(TroubleException.refused(Trouble.UNSYNCED, link.address()));
  }

  private Future<T> judge(Throwable failure, Optional<Address> at) {
    if (!(failure instanceof TroubleException met)) {
      return Future.failedFuture(failure);
    }
    if (met.trouble().isOfKey()) {
      return Future.failedFuture(met.about(operation.kindOfKey()));
    }
    if (met.mayBeDone() && !operation.isRepeatable()) {
      loop.condition().met(met, operation);
      at.ifPresent(loop.router()::doubt);
      return found(met);
    }
    if (met.trouble() == Trouble.NOSCRIPT && !whole) {
      whole = true;
      return attempt();
    }
    if (met.elsewhere().isPresent() && redirects < MOST_REDIRECTS) {
      return redirected(met, at);
    }
    loop.condition().met(met, operation);
    at.ifPresent(loop.router()::doubt);
    return met.trouble().passes() ? again(met) : Future.failedFuture(met);
  }

  /** A key that is on its way is asked for where it goes, and the map stays as it is. */
  private Future<T> redirected(TroubleException met, Optional<Address> at) {
    redirects++;
    elsewhere = met.elsewhere();
    asking = met.trouble() == Trouble.ASK;
    if (!asking) {
      at.ifPresent(loop.router()::doubt);
    }
    return attempt();
  }

  private Future<T> again(TroubleException met) {
    var pause = FIRST_PAUSE.toMillis() << Math.min(pauses++, MOST_PAUSES);
    if (millisLeft() <= pause + ANSWER.toMillis()) {
      return Future.failedFuture(met);
    }
    elsewhere = Optional.empty();
    asking = false;
    redirects = 0;
    return loop.vertx().timer(pause, TimeUnit.MILLISECONDS).compose(due -> attempt());
  }

  /** What came of a change whose answer was lost. */
  private Future<T> found(TroubleException lost) {
    var unknown = TroubleException.unanswered(Trouble.UNKNOWN, lost.node());
    if (!(operation.kind() instanceof Changes<T> changes)) {
      return Future.failedFuture(unknown);
    }
    return new Call<>(loop, confirmation(changes), deadline)
        .attempt()
        .recover(failure -> Future.failedFuture(unknown))
        .compose(
            found ->
                found.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(unknown)));
  }

  private Operation<Optional<T>> confirmation(Changes<T> changes) {
    return Operation.script(
        "confirm",
        operation.key(),
        Operation.Scripted.of(Script.CONFIRM, changes.stamp()),
        answer ->
            Operation.stamped(answer)
                .filter(found -> found.isOf(changes.stamp()))
                .flatMap(changes.found()),
        new Confirms<>(Optional::isPresent));
  }

  private Duration patience() {
    var timeouts = loop.config().timeouts();
    var own = operation.isRead() ? timeouts.read() : timeouts.write();
    var most = own.compareTo(PATIENCE) < 0 ? own : PATIENCE;
    var left = Duration.ofMillis(millisLeft());
    return most.compareTo(left) < 0 ? most : left;
  }

  private long millisLeft() {
    return Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
  }
}
