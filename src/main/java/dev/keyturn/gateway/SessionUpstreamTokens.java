package dev.keyturn.gateway;

import static dev.keyturn.oauth.ErrorCode.INVALID_TOKEN;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.token.AccessToken;
import dev.keyturn.token.Session;
import dev.keyturn.token.Sessions;
import dev.keyturn.vault.UsableToken;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultKey;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * The upstream tokens that a session was approved for, from the vault.
 *
 * <p>Which account a session uses never changes, so it is remembered while requests come.
 */
public final class SessionUpstreamTokens implements UpstreamTokens {
  private static final Duration REMEMBER = Duration.ofSeconds(60);
  private static final int MAX_REMEMBERED = 100_000;

  private final Sessions sessions;
  private final Vault vault;
  private final Cache<Leg, VaultKey> accounts =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(REMEMBER).build();

  public SessionUpstreamTokens(Sessions sessions, Vault vault) {
    this.sessions = sessions;
    this.vault = vault;
  }

  @Override
  public Future<String> accessToken(AccessToken token, String upstream) {
    return usable(token, upstream).map(UsableToken::value);
  }

  /** The same, with the time at which it ends. */
  public Future<UsableToken> usable(AccessToken token, String upstream) {
    var leg = new Leg(token.sessionId(), upstream);
    var known = Optional.ofNullable(accounts.getIfPresent(leg));
    return known
        .map(Future::succeededFuture)
        .orElseGet(() -> sessions.find(token.sessionId()).map(session -> account(session, leg)))
        .compose(vault::usable);
  }

  private VaultKey account(Optional<Session> session, Leg leg) {
    var key =
        session
            .map(Session::authorization)
            .flatMap(
                approved ->
                    Optional.ofNullable(approved.accounts().get(leg.upstream()))
                        .map(name -> new VaultKey(approved.subject(), leg.upstream(), name)))
            .orElseThrow(() -> INVALID_TOKEN.because("log in again"));
    accounts.put(leg, key);
    return key;
  }

  private record Leg(String sessionId, String upstream) {}
}
