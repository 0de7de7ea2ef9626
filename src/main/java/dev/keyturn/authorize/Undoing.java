package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

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
    return undo(
        subject,
        user -> user.decision(decisionId),
        (user, decision) ->
            endAll(user.sessionsOf(decision.client().id())).map(ended -> user.without(decision)),
        decision -> audit.tell(Kind.CONSENT_REVOKED, Map.of("client", decision.client().id())));
  }

  /** Ends one session. */
  Future<Void> end(String subject, String sessionId) {
    return users
        .find(subject)
        .compose(
            user ->
                user.session(sessionId)
                    .map(session -> end(subject, session))
                    .orElseGet(Future::succeededFuture));
  }

  /** Whoever ends it strikes it off as well, but nobody does with one that has not begun. */
  private Future<Void> end(String subject, ListedSession session) {
    return sessions
        .end(session.id())
        .compose(ended -> users.change(subject, user -> strike(user, session)))
        .onSuccess(
            struck ->
                audit.tell(
                    Kind.SESSION_ENDED,
                    Map.of("session", session.id(), "client", session.client().id())))
        .mapEmpty();
  }

  private static Future<Users.Step<ListedSession>> strike(User user, ListedSession session) {
    return Future.succeededFuture(new Users.Step<>(user.without(List.of(session)), session));
  }

  /** Removes the tokens of an account from the vault: no session can use them any more. */
  Future<Void> disconnect(String subject, String accountId) {
    return undo(
        subject,
        user -> user.account(accountId),
        (user, account) ->
            vault
                .revoke(new VaultKey(subject, account.upstream(), account.account()))
                .map(gone -> user.without(account)),
        account ->
            audit.tell(
                Kind.UPSTREAM_DISCONNECTED,
                Map.of("sub", subject, "upstream", account.upstream())));
  }

  /** Undoes what {@code listed} finds; where it finds nothing, nothing is done or told. */
  private <T> Future<Void> undo(
      String subject,
      Function<User, Optional<T>> listed,
      BiFunction<User, T, Future<User>> undoing,
      Consumer<T> told) {
    return users
        .<Optional<T>>change(
            subject,
            user ->
                listed
                    .apply(user)
                    .map(
                        one ->
                            undoing
                                .apply(user, one)
                                .map(next -> new Users.Step<>(next, Optional.of(one))))
                    .orElseGet(
                        () -> Future.succeededFuture(new Users.Step<>(user, Optional.empty()))))
        .onSuccess(done -> done.ifPresent(told))
        .mapEmpty();
  }

  private Future<?> endAll(List<ListedSession> ended) {
    return Future.all(ended.stream().map(session -> sessions.end(session.id())).toList());
  }
}
