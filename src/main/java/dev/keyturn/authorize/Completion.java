package dev.keyturn.authorize;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.AuthorizationCode;
import dev.keyturn.token.AuthorizationCodes;
import dev.keyturn.token.Sessions;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.ListedSession;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a granted login leaves behind: the session is listed for the person, and there is a code.
 *
 * <p>It is listed first, so that whoever takes an approval back ends a session that has not begun,
 * too.
 */
final class Completion {
  private final Users users;
  private final Sessions sessions;
  private final AuthorizationCodes codes;
  private final Duration life;
  private final Audit audit;
  private final Clock clock;

  /**
   * @param life how long a session may live
   */
  Completion(
      Users users,
      Sessions sessions,
      AuthorizationCodes codes,
      Duration life,
      Audit audit,
      Clock clock) {
    this.users = users;
    this.sessions = sessions;
    this.codes = codes;
    this.life = life;
    this.audit = audit;
    this.clock = clock;
  }

  /**
   * The code for what {@code judge} finds granted; empty, and nothing is listed, where it finds
   * nothing.
   *
   * @param judge is told what is listed of the person, maybe twice
   */
  Future<Optional<String>> complete(String subject, Function<User, Optional<Grant>> judge) {
    return users
        .<Optional<Grant>>change(
            subject,
            user ->
                judge
                    .apply(user)
                    .map(grant -> enter(user, grant))
                    .orElseGet(
                        () -> Future.succeededFuture(new Users.Step<>(user, Optional.empty()))))
        .compose(
            granted ->
                granted
                    .map(grant -> issue(grant).map(Optional::of))
                    .orElseGet(() -> Future.succeededFuture(Optional.empty())));
  }

  /** Whoever logs in for ever ends the oldest session, before it is forgotten. */
  private Future<Users.Step<Optional<Grant>>> enter(User user, Grant grant) {
    var now = clock.instant();
    var ends = now.plus(life);
    var listed = grant.byPage() ? user.with(grant.decision(now)) : user;
    for (var account : accounts(user, grant, now, ends)) {
      listed = listed.with(account);
    }
    var next =
        listed.with(new ListedSession(grant.authorization().sessionId(), grant.named(), now, ends));
    var surplus = next.surplus();
    return Future.all(surplus.stream().map(oldest -> sessions.end(oldest.id())).toList())
        .map(ended -> new Users.Step<>(next.without(surplus), Optional.of(grant)));
  }

  /** Those that were linked before are kept for longer; the login is one at the identity only. */
  private static List<LinkedAccount> accounts(User user, Grant grant, Instant now, Instant ends) {
    return grant.authorization().accounts().entrySet().stream()
        .map(
            entry -> {
              var asked = grant.used().getOrDefault(entry.getKey(), Scopes.NONE);
              var fresh = new LinkedAccount(entry.getKey(), entry.getValue(), now, ends, asked);
              return grant.authorization().restsOn(entry.getKey())
                  ? fresh
                  : user.account(fresh.id()).map(before -> before.until(ends)).orElse(fresh);
            })
        .toList();
  }

  private Future<String> issue(Grant grant) {
    var asked = grant.asked();
    return codes
        .issue(
            new AuthorizationCode(
                grant.authorization(), asked.returnTo().uri(), asked.challenge(), asked.nonce()))
        .onSuccess(issued -> tell(grant.authorization()));
  }

  private void tell(Authorization authorization) {
    audit.tell(
        Kind.LOGIN_FINISHED,
        Map.of(
            "client",
            authorization.clientId(),
            "session",
            authorization.sessionId(),
            "upstream",
            String.join(" ", authorization.accounts().keySet())));
  }
}
