package dev.keyturn.server;

import dev.keyturn.token.TokenVerifier;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Owns what other verticles may ask this server on the event bus, and what it hears there. */
final class BusVerticle extends VerticleBase {
  private final BusNames names;
  private final TokenVerifier verifier;
  private final Readiness readiness;

  BusVerticle(BusNames names, TokenVerifier verifier, Readiness readiness) {
    this.names = names;
    this.verifier = verifier;
    this.readiness = readiness;
  }

  @Override
  public Future<?> start() {
    return Future.all(
        names.upstreamChanged().listen(vertx, readiness::note).completion(),
        names.tokenVerify().answer(vertx, verifier::verify).completion());
  }
}
