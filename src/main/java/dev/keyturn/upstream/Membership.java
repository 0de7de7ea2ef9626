package dev.keyturn.upstream;

import io.vertx.core.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Who Keyturn is at one provider: whom the configuration names, or who it became by registering.
 *
 * <p>Belongs to one event loop.
 */
interface Membership {
  /** That of a client whom the configuration names: there is nothing to find out. */
  Membership CONFIGURED = new Membership() {};

  /** That of {@code config}; where nothing can be kept, it only finds out whether it could be. */
  static Membership of(UpstreamConfig config, Offering offering, Surroundings around, Heard heard) {
    return config
        .registration()
        .self()
        .map(
            self ->
                around
                    .enrolments()
                    .<Membership>map(
                        records -> new Enrolment(config, self, offering, around, records, heard))
                    .orElseGet(() -> new Rehearsal(config.name(), self, offering, heard)))
        .orElse(CONFIGURED);
  }

  /** Begins to find out who we are; waits for nothing. */
  default void start() {}

  default void stop() {}

  /** Something that was missing may be there by now. */
  default void wake() {}

  /** Goes on for another configuration of the same client. */
  default void follow(UpstreamConfig next) {}

  /** The provider's status, or what is missing on our side. */
  default UpstreamStatus over(UpstreamStatus provider) {
    return provider;
  }

  /** Fails while we are nobody there. */
  default Future<Void> requireClient() {
    return Future.succeededFuture();
  }

  /** Learns what other replicas know, unless it is {@code known} here. */
  default Future<Void> learn(BooleanSupplier known) {
    return Future.succeededFuture();
  }

  /** The provider did not take this proof: perhaps another replica has a newer one. Never fails. */
  default Future<Void> refused(Credentials who) {
    return Future.succeededFuture();
  }

  /** The provider has given tokens for this proof. */
  default void accepted(Credentials who) {}

  /** No proof of that client was taken: the provider does not know it. */
  default void unknown(Credentials who) {}

  /**
   * Who is told of changes.
   *
   * @param clients is given those of now
   * @param news is run when the status has changed
   */
  record Heard(Consumer<KnownClients> clients, Runnable news) {}
}
