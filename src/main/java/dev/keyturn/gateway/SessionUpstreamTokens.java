package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import dev.keyturn.audit.Audit;
import dev.keyturn.audit.AuditEvent.Kind;
import dev.keyturn.gateway.KnownAccounts.Approved;
import dev.keyturn.gateway.KnownAccounts.Leg;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.vault.UsableToken;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The upstream tokens that a session was approved for, from the vault.
 *
 * <p>Which account a session uses never changes, so it is remembered while requests come.
 */
public final class SessionUpstreamTokens implements UpstreamTokens {
  private static final String TOO_MUCH = "log in again: the account's tokens open more by now";

  private final Sessions sessions;
  private final Vault vault;
  private final KnownAccounts accounts;
  private final Audit audit;

  /**
   * @param accounts what is remembered, also when this object is made anew
   */
  public SessionUpstreamTokens(
      Sessions sessions, Vault vault, KnownAccounts accounts, Audit audit) {
    this.sessions = sessions;
    this.vault = vault;
    this.accounts = accounts;
    this.audit = audit;
  }

  @Override
  public Future<String> accessToken(AccessToken token, String upstream) {
    return usable(token, upstream).map(UsableToken::value);
  }

  /** The same, with the time at which it ends. */
  public Future<UsableToken> usable(AccessToken token, String upstream) {
    return of(token, upstream, vault::usable);
  }

  @Override
  public Future<String> insteadOf(String refused, AccessToken token, String upstream) {
    return of(token, upstream, key -> vault.insteadOf(refused, key)).map(UsableToken::value);
  }

  private Future<UsableToken> of(
      AccessToken token, String upstream, Function<VaultKey, Future<UsableToken>> ask) {
    var leg = new Leg(token.sessionId(), upstream);
    return accounts
        .of(leg)
        .map(Future::succeededFuture)
        .orElseGet(() -> sessions.find(token.sessionId()).map(session -> account(session, leg)))
        .compose(approved -> ask.apply(approved.key()).compose(found -> admit(approved, found)))
        .recover(failure -> gone(token, leg, failure));
  }

  /** A login of another session may have brought tokens that open more than this one may use. */
  private static Future<UsableToken> admit(Approved approved, UsableToken found) {
    return approved.admits(found)
        ? Future.succeededFuture(found)
        : Future.failedFuture(INVALID_TOKEN.because(TOO_MUCH));
  }

  /**
   * Where only a new login helps, the session ends: real clients begin one only when their refresh
   * token is refused too. Where a further account is missing, other backends go on with the access
   * tokens that are out, and only the refresh token is refused.
   */
  private <T> Future<T> gone(AccessToken token, Leg leg, Throwable failure) {
    if (!(failure instanceof OAuthException refusal)
        || refusal.error().code() != ErrorCode.INVALID_TOKEN) {
      return Future.failedFuture(failure);
    }
    return sessions
        .find(token.sessionId())
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture()
                    : found.get().authorization().restsOn(leg.upstream())
                        ? end(token, leg, refusal)
                        : close(token, leg, refusal, found.get()))
        .transform(ended -> Future.failedFuture(failure));
  }

  private Future<Void> end(AccessToken token, Leg leg, OAuthException refusal) {
    tell(token, leg, outcome(refusal, "upstream_gone"));
    return sessions.end(token.sessionId());
  }

  /** Once: a client that goes on asking changes nothing more. */
  private Future<Void> close(AccessToken token, Leg leg, OAuthException refusal, Session session) {
    if (session.family().isEmpty()) {
      accounts.forget(leg);
      return Future.succeededFuture();
    }
    tell(token, leg, outcome(refusal, "link_missing"));
    return sessions.closeRefresh(token.sessionId());
  }

  private static String outcome(OAuthException refusal, String otherwise) {
    return TOO_MUCH.equals(refusal.error().description()) ? "scope_exceeded" : otherwise;
  }

  private void tell(AccessToken token, Leg leg, String outcome) {
    accounts.forget(leg);
    audit.tell(
        Kind.SESSION_ENDED,
        Map.of(
            "client", token.clientId(),
            "session", token.sessionId(),
            "upstream", leg.upstream(),
            "outcome", outcome));
  }

  private Approved account(Optional<Session> session, Leg leg) {
    var account =
        session
            .map(Session::authorization)
            .flatMap(
                approved ->
                    Optional.ofNullable(approved.accounts().get(leg.upstream()))
                        .map(name -> new VaultKey(approved.subject(), leg.upstream(), name))
                        .map(key -> new Approved(key, approved.namedAt(leg.upstream()))))
            .orElseThrow(() -> INVALID_TOKEN.because("log in again"));
    accounts.remember(leg, account);
    return account;
  }
}
