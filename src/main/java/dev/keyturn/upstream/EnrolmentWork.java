package dev.keyturn.upstream;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.EnrolmentNews.Outcome;
import dev.keyturn.upstream.Enrolments.Found;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one replica does so that Keyturn is a client at a provider: under a lease, and written down
 * before anybody uses it.
 *
 * <p>What the provider has given is not given up while the store is away, since nobody could have
 * it a second time.
 */
final class EnrolmentWork {
  /** Between two registrations because a provider says that it does not know us. */
  static final Duration AT_MOST_EVERY = Duration.ofMinutes(10);

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 3;

  private final String id;
  private final Enrolments records;
  private final Offering offering;
  private final Surroundings around;
  private final Reader reader;
  private Optional<MadeClient> unsaved = Optional.empty();
  private Optional<Credentials> disowned = Optional.empty();

  /**
   * @param reader is given each record that was read
   */
  EnrolmentWork(
      String id, Enrolments records, Offering offering, Surroundings around, Reader reader) {
    this.id = id;
    this.records = records;
    this.offering = offering;
    this.around = around;
    this.reader = reader;
  }

  /**
   * The provider has said that it does not know {@code who}. That is not believed of a client that
   * it has just given: a large provider learns of it at one place before the other.
   */
  void disown(UpstreamConfig config, EnrolmentRecord record, Credentials who) {
    disowned =
        current(config, record)
            .filter(client -> !now().isBefore(client.since().plus(AT_MOST_EVERY)))
            .map(EnrolledClient::credentials)
            .filter(who::equals);
  }

  /** The provider has given tokens to {@code who}. */
  void own(Credentials who) {
    disowned = disowned.filter(other -> !other.equals(who));
  }

  /** Whether anything is to be done. */
  boolean isDue(UpstreamConfig config, EnrolmentRecord record) {
    return unsaved.isPresent()
        || current(config, record)
            .map(client -> client.isDue(now()) || isDisowned(client))
            .orElse(true);
  }

  /** Does it, unless somebody else is at it; tells whether nothing is left to do. */
  Future<Boolean> run(UpstreamConfig config) {
    return records
        .lease(id)
        .compose(
            lease ->
                lease.isEmpty()
                    ? Future.succeededFuture(false)
                    : held(config).eventually(() -> records.release(id, lease.get())));
  }

  /** Forgets a client of before, unless the provider says where it can be asked that it is. */
  void forget(UpstreamConfig config, EnrolledClient client) {
    steps(config)
        .isKnown(client)
        .compose(stays -> stays ? Future.failedFuture("it is known") : records.read(id))
        .compose(found -> records.write(id, found, found.record().without(client.id(), now())))
        .compose(written -> records.read(id))
        .onSuccess(
            found -> {
              reader.take(found);
              tell(config, Outcome.FORGOTTEN);
            });
  }

  /** What was read before the lease may be old. */
  private Future<Boolean> held(UpstreamConfig config) {
    return records
        .read(id)
        .map(reader::take)
        .compose(
            record ->
                isDue(config, record)
                    ? made(config, record).compose(made -> save(config, made, ATTEMPTS))
                    : Future.succeededFuture(true))
        .onSuccess(done -> disowned = Optional.empty());
  }

  private Future<MadeClient> made(UpstreamConfig config, EnrolmentRecord record) {
    if (unsaved.isPresent()) {
      return Future.succeededFuture(unsaved.get());
    }
    var steps = steps(config);
    return current(config, record)
        .map(old -> isDisowned(old) ? steps.reassure(old) : steps.renew(old))
        .orElseGet(steps::register);
  }

  private EnrolmentSteps steps(UpstreamConfig config) {
    var wanted = config.registration();
    return new EnrolmentSteps(
        new Registrar(around.http(), wanted, wanted.self().orElseThrow(), around.clock()),
        offering);
  }

  /** Others write besides, without a lease; and of a lost answer reading tells what it was. */
  private Future<Boolean> save(UpstreamConfig config, MadeClient made, int attempts) {
    unsaved = Optional.of(made);
    return records
        .read(id)
        .compose(
            found ->
                made.isIn(found.record()) || made.isLate(found.record(), now())
                    ? Future.succeededFuture(entered(config, made, found))
                    : records
                        .write(id, found, made.into(found.record(), now()))
                        .transform(written -> again(config, made, written, attempts)));
  }

  private Future<Boolean> again(
      UpstreamConfig config, MadeClient made, AsyncResult<Boolean> written, int attempts) {
    return attempts > 0
        ? save(config, made, attempts - 1)
        : Future.failedFuture(
            written.failed()
                ? written.cause()
                : new UnavailableException("our record keeps changing", RETRY));
  }

  private boolean entered(UpstreamConfig config, MadeClient made, Found found) {
    unsaved = Optional.empty();
    reader.take(found);
    if (made.isIn(found.record())) {
      tell(config, made.outcome());
    }
    return true;
  }

  private Optional<EnrolledClient> current(UpstreamConfig config, EnrolmentRecord record) {
    return record.of(config.registration().purpose(), now());
  }

  private boolean isDisowned(EnrolledClient client) {
    return disowned.filter(client.credentials()::equals).isPresent();
  }

  private void tell(UpstreamConfig config, Outcome outcome) {
    around.enrolled().accept(new EnrolmentNews(config.name(), outcome));
  }

  private Instant now() {
    return around.clock().instant();
  }

  /** Goes by what the store has. */
  interface Reader {
    /** The record that it goes by from now on. */
    EnrolmentRecord take(Found found);
  }
}
