package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.QuietUpstream;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A process dies at one step of a refresh, and another one goes on, before a provider that takes
 * each refresh token once. {@code bench/refresh-kill} does it with real ones.
 */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RefreshDeathTest {
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice");
  private static final Duration DUE = StrictProvider.LIFE.minusSeconds(20);

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 100);
  private final GivenVault given = new GivenVault(clock);
  private StrictProvider provider = provider(true);

  private StrictProvider provider(boolean rotates) {
    var honest = new StrictProvider(new Random(1), clock, rotates);
    honest.recover();
    return honest;
  }

  static Stream<DeathPoint> withAnIntentLeft() {
    return Stream.of(DeathPoint.values()).filter(DeathPoint::leavesAnIntent);
  }

  static Stream<DeathPoint> withNothingUnknown() {
    return Stream.of(DeathPoint.values()).filter(point -> !point.leavesAnIntent());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"LEASE_ASKED", "IN_FORCE"})
  void the_old_token_serves_while_it_lives(DeathPoint point) {
    die(point, Optional.empty());
    assertThat(done(survivor(Optional.empty()).accessToken(ALICE))).isEqualTo("at-1");
  }

  @ParameterizedTest
  @EnumSource(names = {"LEASE_ASKED", "IN_FORCE"})
  void where_no_lease_is_in_the_way_nobody_waits(DeathPoint point) {
    die(point, Optional.empty());
    assertThat(done(survivor(Optional.empty()).accessToken(ALICE))).isEqualTo("at-2");
  }

  @ParameterizedTest
  @EnumSource(DeathPoint.class)
  void no_refresh_token_is_redeemed_twice(DeathPoint point) {
    die(point, Optional.empty());
    clock.forward(StrictProvider.LIFE);
    survivor(Optional.empty()).accessToken(ALICE);
    assertThat(provider.reused).isZero();
  }

  @ParameterizedTest
  @MethodSource("withNothingUnknown")
  void where_nothing_is_unknown_the_login_goes_on(DeathPoint point) {
    die(point, Optional.empty());
    clock.forward(Leases.LIFE);
    assertThat(done(survivor(Optional.empty()).accessToken(ALICE))).isEqualTo("at-2");
    assertThat(provider.redemptions).isOne();
  }

  @ParameterizedTest
  @MethodSource("withAnIntentLeft")
  void an_intent_without_an_answer_ends_the_login_with_the_old_token(DeathPoint point) {
    die(point, Optional.empty());
    clock.forward(Leases.LIFE);
    var refusal = (OAuthException) failed(survivor(Optional.empty()).accessToken(ALICE));
    assertThat(refusal.error().code()).isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  @ParameterizedTest
  @EnumSource(DeathPoint.class)
  void where_refresh_tokens_stay_the_login_goes_on(DeathPoint point) {
    provider = provider(false);
    die(point, Optional.of(false));
    clock.forward(Leases.LIFE);
    assertThat(done(survivor(Optional.of(false)).accessToken(ALICE))).startsWith("at-");
  }

  @ParameterizedTest
  @EnumSource(names = {"REDEEMED", "ANSWERED"})
  void it_would_be_found_if_an_intent_were_redeemed_again(DeathPoint point) {
    die(point, Optional.of(false));
    clock.forward(Leases.LIFE);
    survivor(Optional.of(false)).accessToken(ALICE);
    assertThat(provider.reused).isOne();
  }

  /** A login, and a process that dies while it refreshes what the login brought. */
  private void die(DeathPoint point, Optional<Boolean> rotates) {
    var process = new Replica(new Mortal(store, Optional.of(point)));
    var login = new UpstreamLogin(ScriptedUpstream.person("alice"), first());
    done(process.vault(rotates).keep(ALICE, login));
    clock.forward(DUE);
    assertThat(process.vault(rotates).accessToken(ALICE).isComplete()).isFalse();
  }

  private UpstreamTokens first() {
    return provider.tokens(provider.grant("alice"), true);
  }

  private Vault survivor(Optional<Boolean> rotates) {
    return new Replica(new Mortal(store, Optional.empty())).vault(rotates);
  }

  /** One that has a view of the store, and a connection to the provider. */
  private final class Replica implements QuietUpstream {
    private final Mortal view;

    Replica(Mortal view) {
      this.view = view;
    }

    Vault vault(Optional<Boolean> rotates) {
      return new Vault(
          given.entries(view),
          () -> Map.of("default", VaultUpstream.of(this, "keyturn", rotates)),
          given.means());
    }

    @Override
    public Future<RefreshAnswer> redeem(UpstreamTokens old, Identity of, String generation) {
      if (view.reached(DeathPoint.SENT)) {
        return Promise.<RefreshAnswer>promise().future();
      }
      var answer = provider.redeem(old.refreshToken().orElseThrow());
      return view.reached(DeathPoint.REDEEMED)
          ? Promise.<RefreshAnswer>promise().future()
          : Future.succeededFuture(answer);
    }

    @Override
    public Future<UpstreamTokens> validate(UpstreamTokens fresh, Identity of, String generation) {
      return Future.succeededFuture(fresh);
    }
  }
}
