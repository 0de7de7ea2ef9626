package dev.keyturn.app.source;

import dev.keyturn.operator.cluster.Pod;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A configuration in a ConfigMap, asked for again and again through the Kubernetes API.
 *
 * <p>The question goes from the {@link FencedStore} through the {@link Relay} to the {@link
 * ApiServer}. Everything here happens in one context of Vert.x; the store has threads of its own,
 * which are waited for, but never longer than {@link Pace} says.
 */
public final class ConfigMapSource {
  private final Vertx vertx;
  private final Context context;
  private final ConfigMapKey key;
  private final Pace pace;
  private final String pass;
  private final Relay relay;
  private Optional<Future<FencedStore>> store = Optional.empty();
  private long timer = -1;
  private boolean closed;

  /**
   * @param random makes what only the store and the relay know
   */
  public ConfigMapSource(Vertx vertx, ConfigMapKey key, Pod pod, Pace pace, SecureRandom random) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.key = key;
    this.pace = pace;
    this.pass = unguessable(random);
    var server = new ApiServer(vertx, pod, key, pace.patience());
    this.relay = new Relay(vertx, key, pass, server::read);
  }

  /** The text of now, never an empty one; a failure says in words for the operator why not. */
  public Future<String> read() {
    return here(this::ask);
  }

  /** Tells {@code latest} the text, or why there is none, every interval until the end. */
  public void follow(LatestDocument latest) {
    context.runOnContext(now -> later(latest));
  }

  /** Ends everything, also what is under way, and does not wait for ever for it. */
  public Future<Void> close() {
    return here(
        () -> {
          closed = true;
          vertx.cancelTimer(timer);
          var open = store.orElseGet(() -> Future.failedFuture("there is none"));
          return bounded(open.compose(FencedStore::close))
              .eventually(() -> bounded(relay.close()))
              .otherwiseEmpty();
        });
  }

  private void look(LatestDocument latest) {
    ask()
        .onSuccess(latest::holds)
        .onFailure(cause -> latest.lacks(String.valueOf(cause.getMessage())))
        .onComplete(result -> later(latest));
  }

  private void later(LatestDocument latest) {
    if (!closed) {
      timer = vertx.setTimer(pace.interval().toMillis(), due -> look(latest));
    }
  }

  private Future<String> ask() {
    return bounded(open().compose(FencedStore::read))
        .recover(failure -> Future.failedFuture(relay.failure().orElseGet(() -> own(failure))))
        .map(text -> text.orElseThrow(() -> new UnreadableException("the store found no text")));
  }

  private static Throwable own(Throwable failure) {
    return failure instanceof UnreadableException
        ? failure
        : new UnreadableException("the store failed: " + failure.getClass().getSimpleName());
  }

  /** Opens the store once; after a failure, once more. */
  private Future<FencedStore> open() {
    if (closed) {
      return Future.failedFuture(new UnreadableException("the server is stopping"));
    }
    var open =
        store
            .filter(opening -> !opening.failed())
            .orElseGet(() -> relay.open().compose(port -> FencedStore.open(port, key, pass)));
    store = Optional.of(open);
    return open;
  }

  /** What happens on threads of others goes on in our context, or fails when it takes too long. */
  private <T> Future<T> bounded(Future<T> elsewhere) {
    var done = Promise.<T>promise();
    var alarm =
        vertx.setTimer(
            pace.limit().toMillis(),
            due -> done.tryFail(new UnreadableException("the store did not answer in time")));
    elsewhere.onComplete(
        result ->
            context.runOnContext(
                here -> {
                  vertx.cancelTimer(alarm);
                  if (result.succeeded()) {
                    done.tryComplete(result.result());
                  } else {
                    done.tryFail(result.cause());
                  }
                }));
    return done.future();
  }

  private <T> Future<T> here(Supplier<Future<T>> action) {
    var done = Promise.<T>promise();
    context.runOnContext(
        now -> Future.succeededFuture().compose(go -> action.get()).onComplete(done));
    return done.future();
  }

  private static String unguessable(SecureRandom random) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /**
   * How often, and how long the API server is waited for.
   *
   * @param interval from one answer to the next question
   */
  public record Pace(Duration interval, Duration patience) {
    public static final Pace USUAL = new Pace(Duration.ofSeconds(5), Duration.ofSeconds(10));

    /** How long the whole way is waited for: the API server, and what is ours. */
    Duration limit() {
      return patience.plusSeconds(5);
    }
  }
}
