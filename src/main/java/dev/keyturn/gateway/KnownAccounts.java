package dev.keyturn.gateway;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.GrantedScopes;
import dev.keyturn.vault.UsableToken;
import dev.keyturn.vault.VaultKey;
import java.time.Duration;
import java.util.Optional;

/**
 * Which account of an upstream each session uses, for a minute after its last request.
 *
 * <p>It outlives a change of the configuration: requests go on while the store is away.
 */
public final class KnownAccounts {
  private static final Duration REMEMBER = Duration.ofSeconds(60);
  private static final int MAX_REMEMBERED = 100_000;

  private final Cache<Leg, Approved> accounts =
      Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterAccess(REMEMBER).build();

  Optional<Approved> of(Leg leg) {
    return Optional.ofNullable(accounts.getIfPresent(leg));
  }

  void remember(Leg leg, Approved account) {
    accounts.put(leg, account);
  }

  void forget(Leg leg) {
    accounts.invalidate(leg);
  }

  /**
   * An account that a session was approved for.
   *
   * @param named the scopes that were approved with it, if those were noted
   */
  record Approved(VaultKey key, Optional<Scopes> named) {
    /** Whether a token opens nothing more. */
    boolean admits(UsableToken token) {
      return named
          .map(scopes -> GrantedScopes.beyond(scopes, token.scopes()).isEmpty())
          .orElse(true);
    }
  }

  /** A session and an upstream. */
  record Leg(String sessionId, String upstream) {}
}
