package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Function;

/**
 * The time in which one provider serves under a name: its connections, and its requests under way.
 *
 * <p>When it ends, requests under way finish before the connections are closed. Belongs to one
 * event loop.
 */
final class Tenure {
  private final Provider provider;
  private final OutgoingHttp http;
  private final Promise<Void> closed = Promise.promise();
  private int underWay;
  private boolean ending;

  Tenure(Provider provider, OutgoingHttp http) {
    this.provider = provider;
    this.http = http;
  }

  Provider provider() {
    return provider;
  }

  boolean isReady() {
    return provider.status().ready();
  }

  /** Asks the provider something; its connections stay open until that is answered. */
  <T> Future<T> ask(Function<Provider, Future<T>> question) {
    underWay++;
    return Future.succeededFuture(provider)
        .compose(question)
        .onComplete(
            answered -> {
              underWay--;
              closeIfIdle();
            });
  }

  /** Lets go of the provider; the future is over when no connection is left. */
  Future<Void> end() {
    if (!ending) {
      ending = true;
      provider.stop();
      closeIfIdle();
    }
    return closed.future();
  }

  /** Lets go of the provider at once, whoever still waits for it. */
  Future<Void> abort() {
    if (!ending) {
      ending = true;
      provider.stop();
    }
    return http.close();
  }

  private void closeIfIdle() {
    if (ending && underWay == 0 && !closed.future().isComplete()) {
      http.close().onComplete(closed);
    }
  }
}
