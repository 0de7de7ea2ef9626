package dev.keyturn.client;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.client.Registration.Owner;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.Repository;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * The clients that registered themselves.
 *
 * <p>Whoever registers the same metadata is given the same record, whose {@code client_id} is the
 * hash of it: registering again costs the store nothing, and a record that has ended comes back
 * under its old name. Since it belongs to nobody, nobody may change it. A record that was made for
 * somebody who is known, or for a client with a secret, has a name of its own, and an owner who
 * changes and deletes it.
 */
public final class RegisteredClients implements Clients {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{43}");
  private static final Duration USED_TTL = Duration.ofDays(30);
  private static final Duration WRITE_EVERY = Duration.ofHours(1);
  private static final int ATTEMPTS = 3;

  private final Repository<Registration> records;
  private final Clock clock;
  private final Rules rules;

  public RegisteredClients(KeyValueStore store, Clock clock, Rules rules) {
    this.records = new Repository<>(store, "client", Registration::toJson, Registration::fromJson);
    this.clock = clock;
    this.rules = rules;
  }

  /**
   * What holds for all of them, also for those that registered when something else did.
   *
   * @param unusedTtl how long a record lives that was never used
   * @param ceiling the scopes beyond which these clients are never granted any; empty: no ceiling
   * @param confidential whether any of them may have a secret; those that have are unknown if not
   */
  public record Rules(Duration unusedTtl, Scopes ceiling, boolean confidential) {}

  @Override
  public Future<Optional<Client>> find(String id) {
    return registration(id).map(found -> found.map(record -> record.client(rules.ceiling())));
  }

  @Override
  public Set<Method> methods() {
    return rules.confidential() ? Set.of(Method.values()) : Set.of(Method.NONE);
  }

  /** The record of a client; empty if there is none, or no more. */
  public Future<Optional<Registration>> registration(String id) {
    return read(id).map(found -> found.map(Versioned::value));
  }

  /**
   * The record for {@code metadata}, made if there is none.
   *
   * @param admission asked before a new record is made; its failure is the refusal
   */
  public Future<Registration> register(ClientMetadata metadata, Supplier<Future<Void>> admission) {
    return register(metadata, admission, ATTEMPTS);
  }

  /**
   * A new record that belongs to {@code owner}.
   *
   * @param id at random, so that nobody has it
   * @param admission asked before the record is made; its failure is the refusal
   */
  public Future<Registration> registerAlone(
      String id, ClientMetadata metadata, Owner owner, Supplier<Future<Void>> admission) {
    var now = now();
    var record =
        new Registration(id, metadata, now, now.plus(rules.unusedTtl()), Optional.of(owner));
    return admission
        .get()
        .compose(admitted -> records.putIfAbsent(id, record, rules.unusedTtl()))
        .compose(wrote -> wrote ? Future.succeededFuture(record) : busy());
  }

  /** Gives a record that is not shared other metadata; empty if there is none, or no more. */
  public Future<Optional<Registration>> change(String id, ClientMetadata next) {
    return alter(id, known -> replace(known, known.value().with(next)), ATTEMPTS);
  }

  /** Deletes a record that is not shared. */
  public Future<Void> remove(String id) {
    return alter(
            id,
            known -> records.delete(id, known.version()).map(gone -> some(gone, known.value())),
            ATTEMPTS)
        .mapEmpty();
  }

  /** Lets a record live for 30 days from now; writes at most once an hour. */
  @Override
  public Future<Void> keep(String id) {
    return keep(id, ATTEMPTS);
  }

  private Future<Void> keep(String id, int attempts) {
    return read(id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(true)
                    : extend(found.get(), USED_TTL, WRITE_EVERY).map(Optional::isPresent))
        .compose(done -> done || attempts == 1 ? Future.succeededFuture() : keep(id, attempts - 1));
  }

  private Future<Registration> register(
      ClientMetadata metadata, Supplier<Future<Void>> admission, int attempts) {
    if (attempts == 0) {
      return busy();
    }
    return read(metadata.id())
        .compose(found -> found.map(this::renew).orElseGet(() -> add(metadata, admission)))
        .compose(
            record ->
                record
                    .map(Future::succeededFuture)
                    .orElseGet(() -> register(metadata, admission, attempts - 1)));
  }

  /** Whoever registers again has its full time to log in, even if the record is about to end. */
  private Future<Optional<Registration>> renew(Versioned<Registration> known) {
    var life = rules.unusedTtl();
    var half = life.dividedBy(2);
    return extend(known, life, half.compareTo(WRITE_EVERY) < 0 ? half : WRITE_EVERY);
  }

  private Future<Optional<Registration>> add(
      ClientMetadata metadata, Supplier<Future<Void>> admission) {
    var record = Registration.shared(metadata, now(), rules.unusedTtl());
    return admission
        .get()
        .compose(admitted -> records.putIfAbsent(record.id(), record, rules.unusedTtl()))
        .map(wrote -> some(wrote, record));
  }

  /** The record that lives for {@code ttl} but for {@code slack}; empty if somebody was faster. */
  private Future<Optional<Registration>> extend(
      Versioned<Registration> known, Duration ttl, Duration slack) {
    var until = now().plus(ttl);
    if (!known.value().expiresAt().isBefore(until.minus(slack))) {
      return Future.succeededFuture(Optional.of(known.value()));
    }
    var next = known.value().until(until);
    return records.replace(next.id(), known.version(), next, ttl).map(wrote -> some(wrote, next));
  }

  /** Whoever is slower than somebody else looks again. */
  private Future<Optional<Registration>> alter(
      String id,
      Function<Versioned<Registration>, Future<Optional<Registration>>> change,
      int attempts) {
    if (attempts == 0) {
      return busy();
    }
    return read(id)
        .map(found -> found.filter(known -> isOwn(known.value())))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : change
                        .apply(found.get())
                        .compose(
                            done ->
                                done.isPresent()
                                    ? Future.succeededFuture(done)
                                    : alter(id, change, attempts - 1)));
  }

  /** Whether somebody may change it: it is not shared, and it has not ended. */
  private boolean isOwn(Registration record) {
    return !record.isShared() && clock.instant().isBefore(record.expiresAt());
  }

  private Future<Optional<Registration>> replace(Versioned<Registration> known, Registration next) {
    var left = Duration.between(clock.instant(), next.expiresAt());
    return records.replace(next.id(), known.version(), next, left).map(wrote -> some(wrote, next));
  }

  private static Optional<Registration> some(boolean done, Registration record) {
    return done ? Optional.of(record) : Optional.empty();
  }

  private static <T> Future<T> busy() {
    return Future.failedFuture(
        new UnavailableException("a client record keeps changing", Duration.ofSeconds(1)));
  }

  private Future<Optional<Versioned<Registration>>> read(String id) {
    return ID.matcher(id).matches()
        ? records.get(id).map(found -> found.filter(known -> allows(known.value())))
        : Future.succeededFuture(Optional.empty());
  }

  private boolean allows(Registration record) {
    return rules.confidential() || !record.metadata().isConfidential();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.SECONDS);
  }
}
