package dev.keyturn.vault;

import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The way of an entry to newer tokens: by nobody's work, by another process's, or by a refresh of
 * our own.
 *
 * <p>Who does not get the lease looks at the entry again, at growing intervals, until the other one
 * is done or patience ends.
 */
final class Renewals {
  private static final Duration FIRST_LOOK = Duration.ofMillis(50);
  private static final Duration LAST_LOOK = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(12);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(30);

  private final Workings workings;
  private final Supplier<Map<String, VaultUpstream>> upstreams;

  Renewals(Workings workings, Supplier<Map<String, VaultUpstream>> upstreams) {
    this.workings = workings;
    this.upstreams = upstreams;
  }

  /** An entry that meets the demand, or why there is none; never fails. */
  Future<Verdict> renew(VaultKey key, Demand demand) {
    return attempt(key, demand, Duration.ZERO, FIRST_LOOK)
        .otherwise(
            failure ->
                failure instanceof UnavailableException away
                    ? Verdict.away(away.retryAfter())
                    : Verdict.away(LATER));
  }

  private Future<Verdict> attempt(VaultKey key, Demand demand, Duration waited, Duration pause) {
    return workings
        .unsettled()
        .read(key)
        .compose(
            found ->
                look(key, found, demand)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> enter(key, demand, waited, pause, found.orElseThrow())));
  }

  /** What can be said without the provider. */
  private Optional<Verdict> look(
      VaultKey key, Optional<Versioned<VaultEntry>> found, Demand demand) {
    if (found.isEmpty() || found.get().value().state().dead()) {
      return Optional.of(Verdict.dead());
    }
    var entry = found.get().value();
    if (demand.met().test(entry)) {
      return Optional.of(Verdict.fresh(entry));
    }
    return mayRenew(key, entry)
        ? workings.accounts().open(key.id()).or(() -> workings.circuits().open(key.upstream()))
        : Optional.of(Verdict.ending());
  }

  /** Whether the provider may be asked for a newer one. */
  boolean mayRenew(VaultKey key, VaultEntry entry) {
    return Optional.ofNullable(upstreams.get().get(key.upstream()))
        .filter(at -> canBeRenewed(key, at, entry))
        .isPresent();
  }

  private boolean canBeRenewed(VaultKey key, VaultUpstream at, VaultEntry entry) {
    if (!at.isOf(entry.state().generation())) {
      return false;
    }
    if (entry.state().unvalidated().isPresent()) {
      return true;
    }
    var cutOff = entry.state().intent().filter(Intent::abandoned).isPresent();
    return entry.tokens().refreshToken().isPresent()
        && !(cutOff && workings.rotations().isOnce(key.upstream(), at.rotates(), entry));
  }

  private Future<Verdict> enter(
      VaultKey key, Demand demand, Duration waited, Duration pause, Versioned<VaultEntry> found) {
    return workings
        .leases()
        .acquire(key)
        .compose(
            lease ->
                lease.isEmpty()
                    ? await(key, demand, waited, pause, found.value())
                    : held(key, demand)
                        .eventually(() -> release(key, lease.get()))
                        .compose(
                            verdict ->
                                verdict
                                    .map(Future::succeededFuture)
                                    .orElseGet(
                                        () -> await(key, demand, waited, pause, found.value()))));
  }

  /** While the store lacks what we know, others must not take us for dead. */
  private Future<Void> release(VaultKey key, String lease) {
    return workings.unsettled().view(key).isPresent()
        ? Future.succeededFuture()
        : workings.leases().release(key, lease);
  }

  /** What was read before the lease may be old. */
  private Future<Optional<Verdict>> held(VaultKey key, Demand demand) {
    return workings
        .unsettled()
        .read(key)
        .compose(
            found ->
                look(key, found, demand)
                    .map(known -> Future.succeededFuture(Optional.of(known)))
                    .orElseGet(() -> refresh(key).run(found.orElseThrow())));
  }

  private Refresh refresh(VaultKey key) {
    var at = Optional.ofNullable(upstreams.get().get(key.upstream())).orElseThrow();
    return new Refresh(key, at, workings);
  }

  /** While the old token lives there is nothing to wait for. */
  private Future<Verdict> await(
      VaultKey key, Demand demand, Duration waited, Duration pause, VaultEntry entry) {
    if (!demand.patient() && !entry.isOver(workings.now())) {
      return Future.succeededFuture(Verdict.away(RETRY));
    }
    if (waited.compareTo(PATIENCE) >= 0) {
      return Future.succeededFuture(Verdict.away(RETRY));
    }
    var longer = pause.multipliedBy(2);
    return workings
        .means()
        .pause()
        .apply(pause)
        .compose(
            over ->
                attempt(
                    key,
                    demand,
                    waited.plus(pause),
                    longer.compareTo(LAST_LOOK) < 0 ? longer : LAST_LOOK));
  }
}
