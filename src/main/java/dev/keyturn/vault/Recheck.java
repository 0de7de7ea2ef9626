package dev.keyturn.vault;

import dev.keyturn.store.Versioned;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;

/** Whether a provider still stands by an account, as it says when its refresh token is redeemed. */
final class Recheck {
  /** How long somebody waits for the provider's word. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Workings workings;
  private final Access access;

  Recheck(Workings workings, Access access) {
    this.workings = workings;
    this.access = access;
  }

  /**
   * Asks if the provider's last word is older than {@code age}. Only a definite no is one: not an
   * outage, nor that there is nothing to ask with.
   */
  Future<Boolean> stands(VaultKey key, Duration age) {
    return workings
        .unsettled()
        .read(key)
        .compose(
            found ->
                found
                    .map(Versioned::value)
                    .map(entry -> stands(key, age, entry))
                    .orElseGet(() -> Future.succeededFuture(true)))
        .otherwise(true);
  }

  private Future<Boolean> stands(VaultKey key, Duration age, VaultEntry entry) {
    var demand = Demand.since(workings.now().minus(age));
    if (entry.state().dead() || demand.met().test(entry) || !entry.canBeRenewed()) {
      return Future.succeededFuture(!entry.state().dead());
    }
    var answer = Promise.<Boolean>promise();
    access
        .refresh(key, demand)
        .onSuccess(verdict -> answer.tryComplete(!isOver(verdict, entry)))
        .onFailure(failure -> answer.tryComplete(true));
    workings.means().pause().apply(PATIENCE).onSuccess(late -> answer.tryComplete(true));
    return answer.future();
  }

  /** An entry whose refresh was cut off is over when its token is. */
  private boolean isOver(Verdict verdict, VaultEntry entry) {
    return verdict.is(Verdict.Kind.DEAD)
        || (verdict.is(Verdict.Kind.ENDING) && entry.isOver(workings.now()));
  }
}
