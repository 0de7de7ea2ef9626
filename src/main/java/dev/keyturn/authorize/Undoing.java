package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.Decision;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person takes back. Only what is listed of that person can be named at all.
 *
 * <p>Sessions are ended before they are struck off the list, so that one that could not be ended
 * now is still there to be ended later.
 */
final class Undoing {
  private final Users users;
  private final Sessions sessions;
  private final Vault vault;
  private final Audit audit;

  Undoing(Users users, Sessions sessions, Vault vault, Audit audit) {
    this.users = users;
    this.sessions = sessions;
    this.vault = vault;
    this.audit = audit;
  }

  /** Takes an approval back, and ends the client's sessions of this person. */
  Future<Void> revoke(String subject, String decisionId) {
    return users
        .<Optional<Decision>>change(
            subject,
            user ->
                user.decision(decisionId)
                    .map(
                        decision ->
                            endAll(user.sessionsOf(decision.client().id()))
                                .map(ended -> step(user.without(decision), decision)))
                    .orElseGet(() -> Future.succeededFuture(unchanged(user))))
        .onSuccess(
            revoked ->
                revoked.ifPresent(
                    decision ->
                        audit.tell(Kind.CONSENT_REVOKED, Map.of("client", decision.client().id()))))
        .mapEmpty();
  }

  /** Ends one session. */
  Future<Void> end(String subject, String sessionId) {
    return users
        .<Optional<ListedSession>>change(
            subject,
            user ->
                user.session(sessionId)
                    .map(
                        session ->
                            endAll(List.of(session))
                                .map(ended -> step(user.without(List.of(session)), session)))
                    .orElseGet(() -> Future.succeededFuture(unchanged(user))))
        .onSuccess(
            ended ->
                ended.ifPresent(
                    session ->
                        audit.tell(
                            Kind.SESSION_ENDED,
                            Map.of("session", session.id(), "client", session.client().id()))))
        .mapEmpty();
  }

  /** Removes the tokens of an account from the vault: no session can use them any more. */
  Future<Void> disconnect(String subject, String accountId) {
    return users
        .<Optional<LinkedAccount>>change(
            subject,
            user ->
                user.account(accountId)
                    .map(
                        account ->
                            vault
                                .forget(
                                    new VaultKey(subject, account.upstream(), account.account()))
                                .map(gone -> step(user.without(account), account)))
                    .orElseGet(() -> Future.succeededFuture(unchanged(user))))
        .onSuccess(
            gone ->
                gone.ifPresent(
                    account ->
                        audit.tell(
                            Kind.UPSTREAM_DISCONNECTED, Map.of("upstream", account.upstream()))))
        .mapEmpty();
  }

  private Future<?> endAll(List<ListedSession> ended) {
    return Future.all(ended.stream().map(session -> sessions.end(session.id())).toList());
  }

  private static <T> Users.Step<Optional<T>> step(User next, T done) {
    return new Users.Step<>(next, Optional.of(done));
  }

  private static <T> Users.Step<Optional<T>> unchanged(User user) {
    return new Users.Step<>(user, Optional.empty());
  }
}
