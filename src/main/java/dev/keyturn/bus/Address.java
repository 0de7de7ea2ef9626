package dev.keyturn.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.function.Function;

/**
 * A place on the event bus that answers each question of type {@code Q} with an {@code A}.
 *
 * <p>A failure of the answering side reaches the asking side as the exception that it was, so an
 * OAuth refusal stays one across the bus.
 *
 * @param name the address, {@code concept.verb}
 */
public record Address<Q, A>(String name) {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Asks, and waits for the answer at most half a minute. */
  public Future<A> ask(Vertx vertx, Q question) {
    return ask(vertx, question, PATIENCE);
  }

  /** Asks, and waits for the answer no longer than {@code patience}. */
  public Future<A> ask(Vertx vertx, Q question, Duration patience) {
    LocalCodec.register(vertx);
    var options = LocalCodec.options().setSendTimeout(patience.toMillis());
    return vertx
        .eventBus()
        .<Answer<A>>request(name, question, options)
        .compose(message -> message.body().result());
  }

  /** Answers every question from now on, in the context of the caller. */
  public MessageConsumer<Q> answer(Vertx vertx, Function<Q, Future<A>> answers) {
    LocalCodec.register(vertx);
    return vertx
        .eventBus()
        .localConsumer(
            name,
            message ->
                Future.succeededFuture(message.body())
                    .compose(answers)
                    .onComplete(
                        result -> message.reply(new Answer<>(result), LocalCodec.options())));
  }

  /** Whether {@code cause} says that nobody answers, or not in time. */
  public static boolean isSilence(Throwable cause) {
    return cause instanceof ReplyException reply
        && (reply.failureType() == ReplyFailure.NO_HANDLERS
            || reply.failureType() == ReplyFailure.TIMEOUT);
  }

  /** Whether {@code cause} says that somebody was asked and has not answered in time. */
  public static boolean isLate(Throwable cause) {
    return cause instanceof ReplyException reply && reply.failureType() == ReplyFailure.TIMEOUT;
  }

  /** A result or the failure itself, since the bus alone would carry a failure as text. */
  private record Answer<A>(io.vertx.core.AsyncResult<A> outcome) {
    Future<A> result() {
      return outcome.succeeded()
          ? Future.succeededFuture(outcome.result())
          : Future.failedFuture(outcome.cause());
    }
  }
}
