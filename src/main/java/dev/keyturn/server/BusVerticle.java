package dev.keyturn.server;

import dev.keyturn.token.TokenVerifier;
import dev.keyturn.upstream.ClientProof;
import dev.keyturn.upstream.UpstreamOverBus;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Owns what other verticles may ask this server on the event bus, and what it hears there. */
final class BusVerticle extends VerticleBase {
  private final BusNames names;
  private final TokenVerifier verifier;
  private final Readiness readiness;
  private final MeterRegistry metrics;

  BusVerticle(BusNames names, TokenVerifier verifier, Readiness readiness, MeterRegistry metrics) {
    this.names = names;
    this.verifier = verifier;
    this.readiness = readiness;
    this.metrics = metrics;
  }

  @Override
  public Future<?> start() {
    return Future.all(
        names.upstreamChanged().listen(vertx, readiness::note).completion(),
        UpstreamOverBus.proved(names.prefix()).listen(vertx, this::count).completion(),
        names.tokenVerify().answer(vertx, verifier::verify).completion());
  }

  private void count(ClientProof proof) {
    metrics
        .counter(
            "keyturn.upstream.client.proofs",
            "upstream",
            proof.upstream(),
            "outcome",
            proof.outcome().wire())
        .increment();
  }
}
