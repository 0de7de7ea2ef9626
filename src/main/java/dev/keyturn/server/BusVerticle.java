package dev.keyturn.server;

import dev.keyturn.upstream.UpstreamOverBus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;

/** Owns what other verticles may ask this server on the event bus, and what it hears there. */
final class BusVerticle extends VerticleBase {
  private final BusNames names;
  private final BusAnswers answers;
  private final Readiness readiness;
  private final Counting counting;

  BusVerticle(BusNames names, BusAnswers answers, Readiness readiness, Counting counting) {
    this.names = names;
    this.answers = answers;
    this.readiness = readiness;
    this.counting = counting;
  }

  @Override
  public Future<?> start() {
    return Future.all(
        List.of(
            names.upstreamChanged().listen(vertx, readiness::note).completion(),
            UpstreamOverBus.proved(names.prefix()).listen(vertx, counting::count).completion(),
            UpstreamOverBus.registered(names.prefix()).listen(vertx, counting::tell).completion(),
            names.configChanged().listen(vertx, answers::note).completion(),
            names.tokenVerify().answer(vertx, answers::verify).completion(),
            names.tokenRevoke().answer(vertx, answers::revoke).completion(),
            names.sessionUpstreamToken().answer(vertx, answers::upstreamToken).completion(),
            names.keysJwks().answer(vertx, answers::jwks).completion(),
            names.serverStatus().answer(vertx, answers::status).completion()));
  }
}
