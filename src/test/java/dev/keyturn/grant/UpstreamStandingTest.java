package dev.keyturn.grant;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.QuietUpstream;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.Session;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import dev.keyturn.vault.Seals;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultEntries;
import dev.keyturn.vault.VaultKey;
import dev.keyturn.vault.VaultMeans;
import dev.keyturn.vault.VaultUpstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UpstreamStandingTest {
  private static final String IDENTITY = "default";
  private static final Duration RECHECK = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final GivenSessions given = new GivenSessions(store, clock, Lifespans.DEFAULT);
  private final SealingKeys keys = SealingKeys.ephemeral(given.random);
  private final Provider provider = new Provider();
  private final Vault vault =
      new Vault(
          new VaultEntries(
              store,
              new Seals(() -> keys, () -> Duration.ofMinutes(2), clock, given.audit),
              () -> Duration.ofDays(30)),
          () -> Map.of(IDENTITY, VaultUpstream.of(provider, "keyturn", Optional.of(false))),
          new VaultMeans(
              clock, given.random, time -> Promise.<Void>promise().future(), given.audit));
  private final UpstreamStanding standing = standing(IDENTITY);

  private UpstreamStanding standing(String identity) {
    return new UpstreamStanding(identity, RECHECK, vault, given.sessions, given.audit);
  }

  /** A provider that says one thing of everybody's refresh token. */
  private static final class Provider implements QuietUpstream {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile RefreshAnswer word = new RefreshAnswer.Refused();

    @Override
    public String name() {
      return IDENTITY;
    }

    @Override
    public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
      asked.incrementAndGet();
      return Future.succeededFuture(word);
    }

    @Override
    public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
      return Future.succeededFuture(fresh);
    }
  }

  private UpstreamTokens tokens(String access) {
    return new UpstreamTokens(
        access,
        Optional.of("rt"),
        Optional.empty(),
        Optional.of(clock.instant().plus(Duration.ofHours(1))),
        Scopes.parse("openid"));
  }

  /** A session of somebody who has just logged in. */
  private Session begun() {
    var approved = given.authorization("openid mcp:read");
    var account = approved.accounts().get(IDENTITY);
    var identity =
        new Identity(
            approved.subject(),
            account,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            Optional.empty(),
            List.of());
    var key = new VaultKey(approved.subject(), IDENTITY, account);
    done(vault.keep(key, new UpstreamLogin(identity, tokens("at-1"))));
    return begun(approved);
  }

  private Session begun(Authorization approved) {
    done(given.tokens.begin(approved, approved.resources().get(0), Optional.empty(), true));
    return done(given.sessions.find(approved.sessionId())).orElseThrow();
  }

  private boolean isAlive(Session session) {
    return done(given.sessions.find(session.authorization().sessionId()))
        .filter(found -> !found.ended())
        .isPresent();
  }

  @Nested
  class A_login_that_the_provider_says_no_to {
    private final Session session = begun();

    private Throwable refusal() {
      clock.forward(RECHECK);
      return failed(standing.apply(session));
    }

    @Test
    void is_an_invalid_grant() {
      assertThat(refusal())
          .isInstanceOfSatisfying(
              OAuthException.class,
              failure -> assertThat(failure.error().code()).isEqualTo(ErrorCode.INVALID_GRANT));
    }

    @Test
    void is_called_ended_and_not_stolen() {
      assertThat(refusal()).hasMessageContaining("the login at the identity provider has ended");
    }

    @Test
    void ends_the_session() {
      refusal();
      assertThat(isAlive(session)).isFalse();
    }

    @Test
    void is_told_to_the_audit() {
      refusal();
      assertThat(given.told).contains("session.ended upstream_gone");
    }
  }

  @Nested
  class A_session_goes_on {
    @Test
    void while_the_last_word_of_the_provider_is_young() {
      var session = begun();
      clock.forward(RECHECK.minusSeconds(1));
      done(standing.apply(session));
      assertThat(provider.asked).hasValue(0);
    }

    @Test
    void when_the_provider_says_yes() {
      var session = begun();
      provider.word = new RefreshAnswer.Redeemed(tokens("at-2"));
      clock.forward(RECHECK);
      done(standing.apply(session));
      assertThat(isAlive(session)).isTrue();
    }

    @Test
    void when_the_provider_is_away() {
      var session = begun();
      provider.word = new RefreshAnswer.Away(Optional.empty());
      clock.forward(RECHECK);
      done(standing.apply(session));
      assertThat(isAlive(session)).isTrue();
    }

    @Test
    void when_it_began_without_a_login_at_that_provider() {
      var session = begun();
      clock.forward(RECHECK);
      done(standing("another").apply(session));
      assertThat(provider.asked).hasValue(0);
    }

    @Test
    void when_nothing_of_its_login_was_kept() {
      var session = begun(given.authorization("openid"));
      clock.forward(RECHECK);
      done(standing.apply(session));
      assertThat(isAlive(session)).isTrue();
    }
  }
}
