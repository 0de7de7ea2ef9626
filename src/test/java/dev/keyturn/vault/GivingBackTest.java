package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.RevocationAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Tokens that nobody may use here any more. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GivingBackTest {
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice");

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final Queue<Promise<Void>> pauses = new ArrayDeque<>();
  private String clientId = "keyturn";
  private final Vault vault =
      new Vault(
          given.entries(store),
          () -> Map.of("default", VaultUpstream.of(upstream, clientId, Optional.empty())),
          given.means(
              time -> {
                var over = Promise.<Void>promise();
                pauses.add(over);
                return over.future();
              }));

  @BeforeEach
  void log_in() {
    logIn(Optional.of("rt-1"));
  }

  private void logIn(Optional<String> refreshToken) {
    var end = Optional.of(clock.instant().plus(Duration.ofMinutes(5)));
    done(vault.keep(ALICE, new UpstreamLogin(person("alice"), tokens("at-1", refreshToken, end))));
  }

  @Test
  void are_given_back_and_gone() {
    assertThat(done(vault.revoke(ALICE))).isTrue();
    assertThat(upstream.revoked).containsExactly("rt-1");
    assertThat(failed(vault.accessToken(ALICE))).hasMessageStartingWith("invalid_token");
    assertThat(given.audited).containsExactly("upstream.revoked:revoked");
  }

  @Test
  void are_access_tokens_where_there_is_no_other() {
    done(vault.forget(ALICE));
    logIn(Optional.empty());
    done(vault.revoke(ALICE));
    assertThat(upstream.revoked).containsExactly("at-1");
  }

  @Test
  void are_given_back_once() {
    done(vault.revoke(ALICE));
    assertThat(done(vault.revoke(ALICE))).isFalse();
    assertThat(upstream.revoked).hasSize(1);
  }

  @Test
  void are_gone_whatever_the_provider_says() {
    upstream.revocation = unused -> Future.succeededFuture(RevocationAnswer.REFUSED);
    assertThat(done(vault.revoke(ALICE))).isTrue();
    assertThat(given.audited).containsExactly("upstream.revoked:refused");
  }

  @Test
  void are_given_back_a_little_later_where_the_provider_is_away() {
    upstream.revocation = unused -> Future.failedFuture(away());
    assertThat(done(vault.revoke(ALICE))).isTrue();
    upstream.revocation = unused -> Future.succeededFuture(RevocationAnswer.REVOKED);
    pauses.remove().complete();
    assertThat(upstream.revoked).containsExactly("rt-1", "rt-1");
    assertThat(given.audited).containsExactly("upstream.revoked:revoked");
  }

  @Test
  void are_not_given_back_for_ever_where_the_provider_stays_away() {
    upstream.revocation = unused -> Future.failedFuture(away());
    done(vault.revoke(ALICE));
    pauses.remove().complete();
    pauses.remove().complete();
    assertThat(pauses).isEmpty();
    assertThat(given.audited).containsExactly("upstream.revoked:away");
  }

  @Test
  void are_not_given_back_later_if_the_person_has_logged_in_again() {
    upstream.revocation = unused -> Future.failedFuture(away());
    done(vault.revoke(ALICE));
    logIn(Optional.of("rt-2"));
    pauses.remove().complete();
    assertThat(upstream.revoked).containsExactly("rt-1");
  }

  @Test
  void are_kept_while_somebody_uses_them() {
    assertThat(done(vault.revokeUnless(() -> Future.succeededFuture(true), ALICE))).isFalse();
    assertThat(upstream.revoked).isEmpty();
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
  }

  @Test
  void are_given_back_when_nobody_uses_them() {
    assertThat(done(vault.revokeUnless(() -> Future.succeededFuture(false), ALICE))).isTrue();
    assertThat(upstream.revoked).containsExactly("rt-1");
    assertThat(failed(vault.accessToken(ALICE))).hasMessageStartingWith("invalid_token");
  }

  @Test
  void of_a_login_that_comes_while_that_is_asked_stay() {
    var used = Promise.<Boolean>promise();
    var revoked = vault.revokeUnless(used::future, ALICE);
    logIn(Optional.of("rt-2"));
    used.complete(false);
    assertThat(done(revoked)).isFalse();
    assertThat(upstream.revoked).isEmpty();
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
  }

  @Test
  void of_another_client_are_forgotten_only() {
    clientId = "another";
    assertThat(done(vault.revoke(ALICE))).isTrue();
    assertThat(upstream.revoked).isEmpty();
  }

  @Test
  void that_the_provider_has_refused_are_not_given_back() {
    clock.forward(Duration.ofMinutes(5));
    vault.accessToken(ALICE);
    upstream.answer(new RefreshAnswer.Refused());
    done(vault.revoke(ALICE));
    assertThat(upstream.revoked).isEmpty();
  }

  @Test
  void are_the_newest_ones_even_if_nobody_has_judged_them() {
    upstream.judgement = fresh -> Future.failedFuture(away());
    clock.forward(Duration.ofMinutes(5));
    vault.accessToken(ALICE);
    upstream.answer(tokens("at-2", Optional.of("rt-2"), Optional.empty()));
    done(vault.revoke(ALICE));
    assertThat(upstream.revoked).isEqualTo(List.of("rt-2"));
  }

  private static UnavailableException away() {
    return new UnavailableException("away", Duration.ofSeconds(1));
  }
}
