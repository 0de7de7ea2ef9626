package dev.keyturn.vault;

import static dev.keyturn.oauth.ErrorCode.ACCESS_DENIED;
import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.Versioned;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * One refresh of one entry, by whoever holds the lease.
 *
 * <p>Nothing is sent before the entry says so, and nothing is done with an answer before the entry
 * has it. So whoever comes after a crash knows what may have happened: an intent without an answer
 * is never redeemed again where a second redemption would do harm.
 */
final class Refresh {
  private static final Set<ErrorCode> DEFINITE = Set.of(INVALID_GRANT, ACCESS_DENIED);

  private final VaultKey key;
  private final VaultUpstream at;
  private final Workings workings;

  Refresh(VaultKey key, VaultUpstream at, Workings workings) {
    this.key = key;
    this.at = at;
    this.workings = workings;
  }

  /** Goes on where the entry stands; empty if it was changed by others and must be looked at. */
  Future<Optional<Verdict>> run(Versioned<VaultEntry> found) {
    var entry = found.value();
    if (entry.state().unvalidated().isPresent()) {
      return validate(entry, entry.state().unvalidated().get()).map(Optional::of);
    }
    var intent = entry.state().intent().filter(other -> !other.abandoned());
    if (intent.isPresent() && isOnce(entry)) {
      return abandon(entry, intent.get()).map(Optional::of);
    }
    return workings
        .circuits()
        .admit(key.upstream())
        .map(instead -> Future.succeededFuture(Optional.of(instead)))
        .orElseGet(() -> intend(found).compose(this::redeemIf));
  }

  /** The note, by a write over the very version that was read: of two, one fails. */
  private Future<Optional<VaultEntry>> intend(Versioned<VaultEntry> found) {
    var intent = new Intent(Leases.nonce(workings.means().random()), workings.now());
    var noted = found.value().intending(intent);
    return workings
        .entries()
        .replace(key, found.version(), noted)
        .recover(unknown -> isNoted(intent, noted, unknown))
        .map(written -> written ? Optional.of(noted) : Optional.empty());
  }

  /** What became of a write is seen by reading; what cannot be seen is taken back when it can. */
  private Future<Boolean> isNoted(Intent intent, VaultEntry noted, Throwable unknown) {
    return workings
        .entries()
        .read(key)
        .map(
            found ->
                found
                    .flatMap(entry -> entry.value().state().intent())
                    .filter(now -> now.is(intent.nonce()))
                    .isPresent())
        .recover(
            away ->
                workings
                    .unsettled()
                    .change(key, noted, now -> now.released(noted))
                    .compose(kept -> Future.failedFuture(unknown)));
  }

  private Future<Optional<Verdict>> redeemIf(Optional<VaultEntry> noted) {
    return noted.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : Future.succeededFuture(noted.get())
            .compose(spent -> redeem(spent))
            .otherwise(Refresh::notSent)
            .compose(answer -> conclude(noted.get(), answer))
            .map(Optional::of);
  }

  private Future<RefreshAnswer> redeem(VaultEntry spent) {
    return at.upstream().redeem(spent.tokens(), spent.identity(), spent.state().generation());
  }

  /** What failed otherwise has failed for this entry, whatever it is. */
  private static RefreshAnswer notSent(Throwable before) {
    return before instanceof UnavailableException away
        ? new RefreshAnswer.Away(Optional.of(away.retryAfter()))
        : new RefreshAnswer.Unclear();
  }

  private Future<Verdict> conclude(VaultEntry spent, RefreshAnswer answer) {
    if (answer instanceof RefreshAnswer.Redeemed redeemed) {
      return keep(spent, redeemed.fresh());
    }
    if (answer instanceof RefreshAnswer.Refused) {
      workings.circuits().worked(key.upstream());
      workings.tell(key, RefreshOutcome.REFUSED);
      return change(spent, now -> now.refused(spent)).map(Refresh::verdict);
    }
    if (answer instanceof RefreshAnswer.Lost) {
      return lose(spent);
    }
    if (answer instanceof RefreshAnswer.Orphaned) {
      workings.tell(key, RefreshOutcome.ORPHANED);
      return change(spent, now -> now.orphaned(spent)).map(kept -> Verdict.ending());
    }
    var failed = failed(answer);
    return change(spent, now -> now.released(spent)).map(kept -> failed);
  }

  private Verdict failed(RefreshAnswer answer) {
    if (answer instanceof RefreshAnswer.Away away) {
      return fail(RefreshOutcome.AWAY, away.retryAfter());
    }
    workings.circuits().worked(key.upstream());
    return answer instanceof RefreshAnswer.Unusable
        ? pause(RefreshOutcome.UNUSABLE, Verdict.Kind.UNUSABLE, Optional.empty())
        : answer instanceof RefreshAnswer.ClientRefused
            ? pause(RefreshOutcome.CLIENT_REFUSED, Verdict.Kind.AWAY, Optional.empty())
            : pause(RefreshOutcome.UNCLEAR, Verdict.Kind.AWAY, Optional.empty());
  }

  private Future<Verdict> lose(VaultEntry spent) {
    var intent = spent.state().intent().orElseThrow();
    var away = fail(RefreshOutcome.LOST, Optional.empty());
    return change(spent, now -> now.abandoned(intent))
        .map(kept -> isOnce(spent) ? Verdict.ending() : away);
  }

  /** Its holder has lost the lease, so it is no more. */
  private Future<Verdict> abandon(VaultEntry entry, Intent intent) {
    workings.tell(key, RefreshOutcome.CUT_OFF);
    return change(entry, now -> now.abandoned(intent)).map(kept -> Verdict.ending());
  }

  private Future<Verdict> keep(VaultEntry spent, UpstreamTokens fresh) {
    workings.circuits().worked(key.upstream());
    return change(spent, now -> now.answered(spent, fresh))
        .compose(
            kept -> {
              kept.ifPresent(entry -> workings.rotations().learn(key.upstream(), entry));
              return kept.filter(entry -> entry.state().unvalidated().isPresent()).isPresent()
                  ? validate(kept.get(), fresh)
                  : Future.succeededFuture(verdict(kept));
            });
  }

  private Future<Verdict> validate(VaultEntry entry, UpstreamTokens fresh) {
    return Future.succeededFuture(fresh)
        .compose(
            tokens -> at.upstream().validate(tokens, entry.identity(), entry.state().generation()))
        .transform(
            judged ->
                judged.succeeded() ? believe(entry, fresh) : doubt(entry, fresh, judged.cause()));
  }

  private Future<Verdict> believe(VaultEntry entry, UpstreamTokens fresh) {
    workings.tell(key, RefreshOutcome.REFRESHED);
    workings.accounts().worked(key.id());
    return change(entry, now -> now.validated(fresh, workings.now())).map(Refresh::verdict);
  }

  private Future<Verdict> doubt(VaultEntry entry, UpstreamTokens fresh, Throwable cause) {
    if (cause instanceof OAuthException no && DEFINITE.contains(no.error().code())) {
      workings.tell(key, RefreshOutcome.REFUSED);
      return change(entry, now -> now.disproved(fresh)).map(Refresh::verdict);
    }
    if (cause instanceof OAuthException) {
      var unusable = pause(RefreshOutcome.UNUSABLE, Verdict.Kind.UNUSABLE, Optional.empty());
      return change(entry, now -> now.disbelieved(fresh)).map(kept -> unusable);
    }
    return Future.succeededFuture(pause(RefreshOutcome.AWAY, Verdict.Kind.AWAY, retryAfter(cause)));
  }

  private Future<Optional<VaultEntry>> change(
      VaultEntry seen, java.util.function.UnaryOperator<VaultEntry> change) {
    return workings.unsettled().change(key, seen, change);
  }

  /** The provider is in trouble, so nobody asks it for a while. */
  private Verdict fail(RefreshOutcome outcome, Optional<Duration> asked) {
    workings.tell(key, outcome);
    return workings.circuits().failed(key.upstream(), Verdict.Kind.AWAY, asked);
  }

  /** This account is left alone for a while; the provider is fine, for all that is known. */
  private Verdict pause(RefreshOutcome outcome, Verdict.Kind kind, Optional<Duration> asked) {
    workings.tell(key, outcome);
    return workings.accounts().failed(key.id(), kind, asked);
  }

  private boolean isOnce(VaultEntry entry) {
    return workings.rotations().isOnce(key.upstream(), at.rotates(), entry);
  }

  private static Optional<Duration> retryAfter(Throwable cause) {
    return cause instanceof UnavailableException away
        ? Optional.of(away.retryAfter())
        : Optional.empty();
  }

  /** Of a login that came meanwhile the tokens are as good. */
  private static Verdict verdict(Optional<VaultEntry> entry) {
    return entry.filter(now -> !now.state().dead()).map(Verdict::fresh).orElseGet(Verdict::dead);
  }
}
