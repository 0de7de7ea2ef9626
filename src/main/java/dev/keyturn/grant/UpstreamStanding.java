package dev.keyturn.grant;

import static dev.keyturn.oauth.ErrorCode.INVALID_GRANT;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether the login at the identity provider, which a session began with, still stands.
 *
 * <p>The provider is asked when its last word is old. Where it says no, the session ends, as one
 * whose login is gone and not as one whose token was stolen; whatever else it says, or leaves
 * unsaid, is no reason.
 */
public final class UpstreamStanding implements Function<Session, Future<Void>> {
  private final String first;
  private final Duration recheck;
  private final Vault vault;
  private final Sessions sessions;
  private final Audit audit;

  /**
   * @param first the upstream that logged people in before sessions named it
   * @param recheck how old its word may be
   */
  public UpstreamStanding(
      String first, Duration recheck, Vault vault, Sessions sessions, Audit audit) {
    this.first = first;
    this.recheck = recheck;
    this.vault = vault;
    this.sessions = sessions;
    this.audit = audit;
  }

  @Override
  public Future<Void> apply(Session session) {
    var approved = session.authorization();
    var identity = approved.person().upstream().orElse(first);
    return Optional.ofNullable(approved.accounts().get(identity))
        .map(account -> vault.stands(new VaultKey(approved.subject(), identity, account), recheck))
        .orElseGet(() -> Future.succeededFuture(true))
        .compose(stands -> stands ? Future.succeededFuture() : end(session, identity));
  }

  private Future<Void> end(Session session, String identity) {
    var approved = session.authorization();
    audit.tell(
        Kind.SESSION_ENDED,
        Map.of(
            "client",
            approved.clientId(),
            "session",
            approved.sessionId(),
            "upstream",
            identity,
            "outcome",
            "upstream_gone"));
    return sessions
        .end(approved.sessionId())
        .compose(
            ended ->
                Future.failedFuture(
                    INVALID_GRANT.because("the login at the identity provider has ended")));
  }
}
