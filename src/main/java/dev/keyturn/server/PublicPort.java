package dev.keyturn.server;

import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The public port of a server: one socket for each event loop, all at one number. */
final class PublicPort {
  private final Vertx vertx;
  private final Listen asked;
  private final BusNames names;
  private final Function<Deployable, Future<Void>> deploy;
  private Optional<HttpVerticle> front = Optional.empty();
  private OptionalInt number = OptionalInt.empty();

  /**
   * @param deploy starts a verticle that the server stops again
   */
  PublicPort(Vertx vertx, Listen asked, BusNames names, Function<Deployable, Future<Void>> deploy) {
    this.vertx = vertx;
    this.asked = asked;
    this.names = names;
    this.deploy = deploy;
  }

  /** Fails with a {@code BindException} if somebody has it. */
  Future<Void> requireFree() {
    return find().mapEmpty();
  }

  Future<Void> open(Live live) {
    return find()
        .compose(
            found -> {
              Supplier<HttpVerticle> one =
                  () ->
                      new HttpVerticle(
                          asked.at(found),
                          (loop, backends) -> live.wiring().router(loop, asked.host(), backends),
                          names.configChanged());
              var first = one.get();
              front = Optional.of(first);
              return deploy.apply(first).compose(done -> deployFurther(one)).map(found);
            })
        .onSuccess(found -> number = OptionalInt.of(found))
        .mapEmpty();
  }

  /** Serves another certificate. */
  Future<Void> serve(Listen.Tls certificate) {
    return front
        .map(socket -> socket.useCertificate(certificate))
        .orElseGet(Future::succeededFuture);
  }

  int number() {
    return number.orElseThrow(() -> new IllegalStateException("not started, or without a port"));
  }

  private Future<Integer> find() {
    return FreePort.find(vertx, asked.host(), asked.port());
  }

  /** Waits for all of them, so that one that fails leaves no other behind. */
  private Future<?> deployFurther(Supplier<HttpVerticle> one) {
    return Future.join(
        IntStream.range(1, Runtime.getRuntime().availableProcessors())
            .mapToObj(i -> deploy.apply(one.get()))
            .toList());
  }
}
