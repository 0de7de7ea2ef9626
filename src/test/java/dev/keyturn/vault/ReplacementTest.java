package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A server behind us does not take a token that should still be good. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReplacementTest {
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice");
  private static final Duration OLD = Duration.ofMinutes(5);

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final Vault vault = vault();

  private Vault vault() {
    return new Vault(
        given.entries(store), () -> Map.of("default", GivenVault.at(upstream)), given.means());
  }

  private void logIn(Optional<String> refreshToken) {
    var brought = tokens("at-1", refreshToken, Optional.of(clock.instant().plusSeconds(3600)));
    done(vault.keep(ALICE, new UpstreamLogin(person("alice"), brought)));
    done(vault.usable(ALICE));
  }

  private Future<String> insteadOf(String refused) {
    return vault.insteadOf(refused, ALICE).map(UsableToken::value);
  }

  private void isHopeless(Future<String> answer) {
    assertThat(((OAuthException) failed(answer)).error().status()).isEqualTo(502);
  }

  private void answer(String access, String refresh) {
    upstream.answer(
        tokens(access, Optional.of(refresh), Optional.of(clock.instant().plusSeconds(3600))));
  }

  @Test
  void it_is_refreshed() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var token = insteadOf("at-1");
    answer("at-2", "rt-2");
    assertThat(done(token)).isEqualTo("at-2");
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
  }

  @Test
  void it_is_not_refreshed_when_it_has_just_come() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD.minusSeconds(1));
    isHopeless(insteadOf("at-1"));
    assertThat(upstream.redeemed).isEmpty();
  }

  @Test
  void who_brings_an_older_one_is_given_the_present_one() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var token = insteadOf("at-1");
    answer("at-2", "rt-2");
    done(token);
    assertThat(done(insteadOf("at-1"))).isEqualTo("at-2");
    assertThat(upstream.redeemed).hasSize(1);
  }

  @Test
  void what_another_process_has_refreshed_is_read_anew() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var other = vault();
    var theirs = other.insteadOf("at-1", ALICE);
    answer("at-2", "rt-2");
    done(theirs);
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
    assertThat(done(insteadOf("at-1"))).isEqualTo("at-2");
    assertThat(upstream.redeemed).hasSize(1);
  }

  @Test
  void all_who_wait_are_given_the_same() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var one = insteadOf("at-1");
    var other = insteadOf("at-1");
    answer("at-2", "rt-2");
    assertThat(done(one)).isEqualTo("at-2");
    assertThat(done(other)).isEqualTo("at-2");
    assertThat(upstream.redeemed).hasSize(1);
  }

  @Test
  void it_is_tried_at_most_once_a_minute() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var token = insteadOf("at-1");
    upstream.answer(new RefreshAnswer.Away(Optional.empty()));
    assertThat(failed(token)).isInstanceOf(UnavailableException.class);
    clock.forward(Duration.ofSeconds(59));
    isHopeless(insteadOf("at-1"));
    clock.forward(Duration.ofSeconds(1));
    insteadOf("at-1");
    assertThat(upstream.redeemed).hasSize(2);
  }

  @Test
  void a_definite_no_asks_for_a_new_login() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var token = insteadOf("at-1");
    upstream.answer(new RefreshAnswer.Refused());
    assertThat(((OAuthException) failed(token)).error().code()).isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  @Test
  void an_answer_without_meaning_is_hopeless() {
    logIn(Optional.of("rt-1"));
    clock.forward(OLD);
    var token = insteadOf("at-1");
    upstream.answer(new RefreshAnswer.Unusable());
    isHopeless(token);
  }

  @Test
  void without_a_refresh_token_only_a_new_login_helps() {
    logIn(Optional.empty());
    clock.forward(OLD);
    assertThat(((OAuthException) failed(insteadOf("at-1"))).error().code())
        .isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  @Test
  void an_account_that_was_removed_needs_a_new_login() {
    logIn(Optional.of("rt-1"));
    done(vault.forget(ALICE));
    assertThat(((OAuthException) failed(vault.accessToken(ALICE))).error().code())
        .isEqualTo(ErrorCode.INVALID_TOKEN);
  }
}
