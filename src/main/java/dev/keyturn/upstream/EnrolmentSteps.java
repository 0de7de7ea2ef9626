package dev.keyturn.upstream;

import dev.keyturn.upstream.EnrolledClient.Management;
import dev.keyturn.upstream.EnrolmentNews.Outcome;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * What is asked of a provider so that Keyturn is, or stays, a client there.
 *
 * <p>Where the provider lets a client look after its own record, that is tried first, since the
 * client then stays the one that people's tokens were given to.
 */
record EnrolmentSteps(Registrar registrar, Offering offering) {
  /** Becomes a client where there is none. */
  Future<MadeClient> register() {
    return offering.now().compose(offer -> fresh(offer, Optional.empty(), Outcome.REGISTERED));
  }

  /** What follows a client that comes to its end: itself where the provider does that. */
  Future<MadeClient> renew(EnrolledClient old) {
    return offering
        .now()
        .compose(
            offer ->
                at(old, at -> registrar.update(old, at, offer).map(Optional::of))
                    .map(updated -> updated.filter(client -> client.outlives(old)))
                    .compose(updated -> orFresh(updated, offer, old, Outcome.REPLACED)));
  }

  /** What follows a client that a token endpoint has refused: itself where the record is there. */
  Future<MadeClient> reassure(EnrolledClient old) {
    return offering
        .now()
        .compose(
            offer ->
                at(old, at -> registrar.read(old, at, offer))
                    .compose(known -> orFresh(known, offer, old, Outcome.ANEW)));
  }

  /** Whether the provider has a record of the client, where it says so. */
  Future<Boolean> isKnown(EnrolledClient client) {
    return client.management().isEmpty()
        ? Future.succeededFuture(false)
        : offering
            .now()
            .compose(offer -> at(client, at -> registrar.read(client, at, offer)))
            .map(Optional::isPresent);
  }

  private Future<MadeClient> orFresh(
      Optional<EnrolledClient> same, RegistrationOffer offer, EnrolledClient old, Outcome other) {
    return same.map(client -> new MadeClient(client, Optional.of(old), Outcome.RENEWED))
        .map(Future::succeededFuture)
        .orElseGet(() -> fresh(offer, Optional.of(old), other));
  }

  private Future<MadeClient> fresh(
      RegistrationOffer offer, Optional<EnrolledClient> old, Outcome outcome) {
    return Future.succeededFuture(offer)
        .compose(registrar::register)
        .map(client -> new MadeClient(client, old, outcome));
  }

  /** Asks where the client has a record of its own; what is refused there is no client. */
  private static Future<Optional<EnrolledClient>> at(EnrolledClient client, Question question) {
    return client
        .management()
        .map(question::ask)
        .orElseGet(() -> Future.succeededFuture(Optional.empty()))
        .recover(
            cause ->
                cause instanceof EnrolmentFailure no && no.outcome() != Outcome.AWAY
                    ? Future.succeededFuture(Optional.empty())
                    : Future.failedFuture(cause));
  }

  private interface Question {
    Future<Optional<EnrolledClient>> ask(Management at);
  }
}
