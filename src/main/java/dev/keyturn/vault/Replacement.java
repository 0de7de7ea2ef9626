package dev.keyturn.vault;

import dev.keyturn.store.Versioned;
import io.vertx.core.Future;

/**
 * Another access token in place of one that some server does not take, although it should still be
 * good: the provider may have taken it back.
 *
 * <p>Whoever brings a token that was replaced already is given the present one. A server that
 * refuses every token must not make us refresh without end, so an entry is refreshed for that only
 * some time after its tokens came, and not soon again.
 */
final class Replacement {
  private final Workings workings;
  private final Access access;

  Replacement(Workings workings, Access access) {
    this.workings = workings;
    this.access = access;
  }

  Future<VaultEntry> insteadOf(String refused, VaultKey key) {
    access.close(key);
    return workings
        .unsettled()
        .read(key)
        .compose(
            found ->
                found
                    .map(Versioned::value)
                    .filter(entry -> !entry.state().dead())
                    .map(entry -> insteadOf(refused, key, entry))
                    .orElseGet(Access::gone));
  }

  private Future<VaultEntry> insteadOf(String refused, VaultKey key, VaultEntry entry) {
    var demand = Demand.insteadOf(refused);
    if (demand.met().test(entry)) {
      return access.usable(key);
    }
    if (!entry.isUnderWay() && entry.isYoung(workings.now())) {
      return Access.unusable();
    }
    return entry.canBeRenewed()
        ? access.refresh(key, demand).compose(Replacement::another)
        : Access.gone(); // Nothing but a login brings another one.
  }

  private static Future<VaultEntry> another(Verdict verdict) {
    return switch (verdict.kind()) {
      case FRESH -> Future.succeededFuture(verdict.entry().orElseThrow());
      case DEAD -> Access.gone();
      case AWAY -> Access.away(verdict);
      default -> Access.unusable();
    };
  }
}
