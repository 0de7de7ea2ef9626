package dev.keyturn.logout;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import java.util.Map;

/** Ends sessions because a person, a client or a provider says that the login is over. */
public final class Endings {
  private final Users users;
  private final Sessions sessions;
  private final Audit audit;

  public Endings(Users users, Sessions sessions, Audit audit) {
    this.users = users;
    this.sessions = sessions;
    this.audit = audit;
  }

  /** Ends the session that a client says is over. */
  Future<Void> end(String sessionId, String clientId) {
    return sessions
        .end(sessionId)
        .onSuccess(ended -> tell(Map.of("session", sessionId, "client", clientId), "logout"));
  }

  /** Ends the session that a provider says is over. */
  Future<Void> endFor(String upstream, String sessionId) {
    return sessions
        .end(sessionId)
        .onSuccess(
            ended -> tell(Map.of("session", sessionId, "upstream", upstream), "upstream_logout"));
  }

  /** Ends the sessions of a client of somebody. */
  Future<Void> endAll(String subject, String clientId) {
    return users
        .find(subject)
        .compose(
            user ->
                Future.all(
                    user.sessionsOf(clientId).stream()
                        .map(session -> end(session.id(), clientId))
                        .toList()))
        .mapEmpty();
  }

  /** Ends the sessions of somebody that use an account at a provider. */
  Future<Void> endUsing(String upstream, String account, String subject) {
    return users
        .find(subject)
        .compose(
            user ->
                Future.all(
                    user.sessions().stream()
                        .map(session -> endIfUsing(upstream, account, session))
                        .toList()))
        .mapEmpty();
  }

  /** One that has not begun may use it: nobody knows. */
  private Future<Void> endIfUsing(String upstream, String account, ListedSession listed) {
    return sessions
        .find(listed.id())
        .compose(
            found ->
                found.map(session -> uses(session, upstream, account)).orElse(true)
                    ? endFor(upstream, listed.id())
                    : Future.succeededFuture());
  }

  private static boolean uses(Session session, String upstream, String account) {
    return account.equals(session.authorization().accounts().get(upstream));
  }

  private void tell(Map<String, String> details, String outcome) {
    var all = new java.util.HashMap<>(details);
    all.put("outcome", outcome);
    audit.tell(Kind.SESSION_ENDED, all);
  }
}
