package dev.keyturn.vault;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamTokens;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/**
 * A provider that takes each refresh token once: whoever shows one twice loses the whole grant. It
 * can be one, too, whose refresh tokens stay.
 *
 * <p>Now and then it has an outage, asks to come back later, revokes a grant by itself, or makes an
 * ID token that proves nothing.
 */
final class StrictProvider {
  static final Duration LIFE = Duration.ofMinutes(5);

  private final Random chance;
  private final SettableClock clock;
  private final boolean rotates;
  private final Map<String, Grant> byRefreshToken = new HashMap<>();
  private final Map<String, Boolean> forged = new HashMap<>();
  private int serial;
  private boolean troubled = true;
  int redemptions;
  int reused;

  StrictProvider(Random chance, SettableClock clock, boolean rotates) {
    this.chance = chance;
    this.clock = clock;
    this.rotates = rotates;
  }

  /** What one login has granted. */
  static final class Grant {
    final String account;
    String current = "";
    boolean revoked;

    /** Whether a process ended, or an answer was lost, while one of its tokens was under way. */
    boolean unanswered;

    Grant(String account) {
      this.account = account;
    }
  }

  void recover() {
    troubled = false;
  }

  Grant grant(String account) {
    var grant = new Grant(account);
    grant.current = next("rt", grant);
    return grant;
  }

  UpstreamTokens tokens(Grant grant, boolean withRefreshToken) {
    var access = "at-" + serial++;
    forged.put(access, false);
    return tokens(access, withRefreshToken ? Optional.of(grant.current) : Optional.<String>empty());
  }

  RefreshAnswer redeem(String refreshToken) {
    if (troubled && chance.nextInt(8) == 0) {
      return new RefreshAnswer.Away(
          chance.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(7)));
    }
    var grant = byRefreshToken.get(refreshToken);
    if (grant.revoked || (troubled && chance.nextInt(40) == 0)) {
      grant.revoked = true;
      return new RefreshAnswer.Refused();
    }
    if (!grant.current.equals(refreshToken)) {
      reused++;
      grant.revoked = true;
      return new RefreshAnswer.Refused();
    }
    redemptions++;
    return new RefreshAnswer.Redeemed(answer(grant));
  }

  private UpstreamTokens answer(Grant grant) {
    var access = "at-" + serial++;
    forged.put(access, troubled && chance.nextInt(15) == 0);
    if (!rotates) {
      return tokens(access, Optional.empty());
    }
    grant.current = next("rt", grant);
    return tokens(access, Optional.of(grant.current));
  }

  Grant grantOf(String refreshToken) {
    return byRefreshToken.get(refreshToken);
  }

  boolean isForged(String accessToken) {
    return forged.get(accessToken);
  }

  private UpstreamTokens tokens(String access, Optional<String> refresh) {
    return new UpstreamTokens(
        access,
        refresh,
        Optional.empty(),
        Optional.of(clock.instant().plus(LIFE)),
        Scopes.parse("openid"));
  }

  private String next(String kind, Grant grant) {
    var token = kind + "-" + serial++;
    byRefreshToken.put(token, grant);
    return token;
  }
}
