package dev.keyturn.upstream;

import dev.keyturn.http.OutgoingHttp;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * What a provider's owner gives it to work with.
 *
 * @param proofs sign who we are where that is proven by a key
 * @param enrolments where it is kept as whom we have registered; empty: nobody registers here
 * @param enrolled is told what came of that
 */
record Surroundings(
    Vertx vertx,
    OutgoingHttp http,
    Clock clock,
    RandomGenerator random,
    Discovery.Pace pace,
    SignedProofs proofs,
    Optional<Enrolments> enrolments,
    Consumer<EnrolmentNews> enrolled) {
  /** Somewhat less than is due, so that many servers do not ask at the same moment. */
  long jittered(Duration due) {
    var half = Math.max(1, due.toMillis() / 2);
    return half + random.nextLong(half + 1);
  }
}
