package dev.keyturn.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.MessageConsumer;
import java.util.function.Consumer;

/**
 * A place on the event bus where news of type {@code T} is announced to everybody who listens.
 *
 * @param name the address, {@code concept.verb}
 */
public record Topic<T>(String name) {
  /** Tells everybody who listens now; nobody listening is fine. */
  public void announce(Vertx vertx, T news) {
    LocalCodec.register(vertx);
    vertx.eventBus().publish(name, news, LocalCodec.options());
  }

  /** Hears all news from now on. */
  public MessageConsumer<T> listen(Vertx vertx, Consumer<T> listener) {
    LocalCodec.register(vertx);
    return vertx.eventBus().localConsumer(name, message -> listener.accept(message.body()));
  }
}
