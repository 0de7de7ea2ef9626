package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.ErrorCode;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import io.vertx.core.Future;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class VaultTest {
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice");

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final VaultEntries entries = given.entries(store);
  private final Vault vault = vault();

  /** Another process with the same store. */
  private Vault vault() {
    return new Vault(entries, () -> Map.of("default", GivenVault.at(upstream)), given.means());
  }

  private Instant in(Duration time) {
    return clock.instant().plus(time);
  }

  private UpstreamTokens good(String access, String refresh) {
    return tokens(access, Optional.of(refresh), Optional.of(in(Duration.ofMinutes(5))));
  }

  private void logIn(UpstreamTokens tokens) {
    done(vault.keep(ALICE, new UpstreamLogin(person("alice"), tokens)));
  }

  private void logInAndLetItFallDue() {
    logIn(good("at-1", "rt-1"));
    clock.forward(Duration.ofMinutes(5).minusSeconds(10));
  }

  private void logInAndLetItExpire() {
    logIn(good("at-1", "rt-1"));
    clock.forward(Duration.ofMinutes(6));
  }

  private String storedRefreshToken() {
    return done(entries.read(ALICE)).orElseThrow().value().tokens().refreshToken().orElseThrow();
  }

  private static void refusesTheToken(Future<String> answer) {
    assertThat(((OAuthException) failed(answer)).error().code()).isEqualTo(ErrorCode.INVALID_TOKEN);
  }

  private static RuntimeException away() {
    return new UnavailableException("provider away", Duration.ofSeconds(5));
  }

  @Test
  void hands_out_what_a_login_brought() {
    logIn(good("at-1", "rt-1"));
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
  }

  @Test
  void an_account_that_never_logged_in_must_log_in() {
    refusesTheToken(vault.accessToken(ALICE));
  }

  @Test
  void a_token_without_an_end_is_never_refreshed() {
    logIn(tokens("at-1", Optional.of("rt-1"), Optional.empty()));
    clock.forward(Duration.ofDays(29));
    assertThat(done(vault().accessToken(ALICE))).isEqualTo("at-1");
    assertThat(upstream.redeemed).isEmpty();
  }

  @Test
  void another_account_has_no_part_in_it() {
    logIn(good("at-1", "rt-1"));
    refusesTheToken(vault.accessToken(new VaultKey("u_alice", "default", "bob")));
    refusesTheToken(vault.accessToken(new VaultKey("u_bob", "default", "alice")));
    refusesTheToken(vault.accessToken(new VaultKey("u_alice", "other", "alice")));
  }

  @Test
  void a_login_is_not_kept_under_the_key_of_another_account() {
    var bob = new UpstreamLogin(person("bob"), good("at-2", "rt-2"));
    failed(vault.keep(ALICE, bob));
    refusesTheToken(vault.accessToken(ALICE));
  }

  @Nested
  class A_further_login {
    @Test
    void is_in_force_at_once() {
      logIn(good("at-1", "rt-1"));
      done(vault.accessToken(ALICE));
      logIn(good("at-2", "rt-2"));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
    }

    @Test
    void without_a_refresh_token_keeps_the_one_that_is_there() {
      logIn(good("at-1", "rt-1"));
      logIn(tokens("at-2", Optional.empty(), Optional.empty()));
      assertThat(storedRefreshToken()).isEqualTo("rt-1");
    }

    @Test
    void with_a_refresh_token_drops_the_old_one() {
      logIn(good("at-1", "rt-1"));
      logIn(good("at-2", "rt-2"));
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
    }

    @Test
    void of_another_account_takes_no_refresh_token_over() {
      var old = GivenVault.entry(person("bob"), good("at-1", "rt-1"));
      var brought =
          GivenVault.entry(person("alice"), tokens("at-2", Optional.empty(), Optional.empty()));
      assertThat(brought.after(Optional.of(old)).tokens().refreshToken()).isEmpty();
    }

    @Test
    void replaces_an_entry_that_does_not_open() {
      var other =
          new VaultEntries(
              store,
              given.seals(SealingKeys.ephemeral(new SecureRandom())),
              () -> Duration.ofDays(1));
      done(
          other.change(
              ALICE, old -> Optional.of(GivenVault.entry(person("alice"), good("at-0", "rt-0")))));
      logIn(good("at-1", "rt-1"));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
    }
  }

  @Nested
  class A_token_that_is_due {
    @Test
    void is_refreshed() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(answer)).isEqualTo("at-2");
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
    }

    @Test
    void is_refreshed_once_for_all_who_wait() {
      logInAndLetItFallDue();
      var one = vault.accessToken(ALICE);
      var other = vault.accessToken(ALICE);
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(one)).isEqualTo("at-2");
      assertThat(done(other)).isEqualTo("at-2");
      assertThat(upstream.redeemed).containsExactly("rt-1");
    }

    @Test
    void is_not_refreshed_before_it_is_due() {
      logIn(good("at-1", "rt-1"));
      clock.forward(Duration.ofMinutes(5).minusSeconds(31));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
      assertThat(upstream.redeemed).isEmpty();
    }

    @Test
    void is_refreshed_again_the_next_time() {
      logInAndLetItFallDue();
      var first = vault.accessToken(ALICE);
      upstream.answer(good("at-2", "rt-2"));
      done(first);
      clock.forward(Duration.ofMinutes(6));
      var second = vault.accessToken(ALICE);
      upstream.answer(good("at-3", "rt-3"));
      assertThat(done(second)).isEqualTo("at-3");
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-2");
    }

    @Test
    void goes_on_while_it_lives_without_a_refresh_token() {
      logIn(tokens("at-1", Optional.empty(), Optional.of(in(Duration.ofMinutes(5)))));
      clock.forward(Duration.ofMinutes(5).minusSeconds(10));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
    }

    @Test
    void is_gone_when_it_has_expired_without_a_refresh_token() {
      logIn(tokens("at-1", Optional.empty(), Optional.of(in(Duration.ofMinutes(5)))));
      clock.forward(Duration.ofMinutes(5));
      refusesTheToken(vault.accessToken(ALICE));
    }
  }

  @Nested
  class While_the_provider_is_away {
    @Test
    void the_old_token_goes_on_as_long_as_it_lives() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      upstream.fail(away());
      assertThat(done(answer)).isEqualTo("at-1");
    }

    @Test
    void an_expired_token_is_not_handed_out() {
      logInAndLetItExpire();
      var answer = vault.accessToken(ALICE);
      upstream.fail(away());
      assertThat(failed(answer)).isInstanceOf(UnavailableException.class);
    }

    @Test
    void the_next_request_tries_again() {
      logInAndLetItExpire();
      var first = vault.accessToken(ALICE);
      upstream.fail(away());
      failed(first);
      clock.forward(Duration.ofSeconds(5));
      var second = vault.accessToken(ALICE);
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(second)).isEqualTo("at-2");
    }

    @Test
    void an_unexpected_failure_says_nothing_about_the_person() {
      logInAndLetItExpire();
      var answer = vault.accessToken(ALICE);
      upstream.fail(new IllegalStateException("bug"));
      assertThat(failed(answer)).isInstanceOf(UnavailableException.class);
    }
  }

  @Nested
  class A_definite_no {
    private final RefreshAnswer no = new RefreshAnswer.Refused();

    @Test
    void ends_the_entry() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      upstream.answer(no);
      refusesTheToken(answer);
      assertThat(done(entries.read(ALICE)).orElseThrow().value().state().dead()).isTrue();
    }

    @Test
    void leaves_a_login_alone_that_came_meanwhile() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      logIn(good("at-2", "rt-2"));
      upstream.answer(no);
      assertThat(done(answer)).isEqualTo("at-2");
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
    }

    @Test
    void holds_when_the_store_cannot_be_told() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      store.readOnly = true;
      upstream.answer(no);
      refusesTheToken(answer);
    }

    @Test
    void closes_what_was_open() {
      logIn(good("at-1", "rt-1"));
      done(vault.accessToken(ALICE));
      clock.forward(Duration.ofMinutes(5).minusSeconds(10));
      var answer = vault.accessToken(ALICE);
      upstream.answer(no);
      failed(answer);
      store.away = true;
      assertThat(failed(vault.accessToken(ALICE))).isInstanceOf(UnavailableException.class);
    }
  }

  @Nested
  class A_login_while_a_refresh_is_under_way {
    @Test
    void is_not_overwritten_by_the_older_answer() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      logIn(good("at-login", "rt-login"));
      upstream.answer(good("at-2", "rt-2"));
      done(answer);
      assertThat(done(vault().accessToken(ALICE))).isEqualTo("at-login");
      assertThat(storedRefreshToken()).isEqualTo("rt-login");
    }

    @Test
    void is_what_those_who_waited_are_given() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      logIn(good("at-login", "rt-login"));
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(answer)).isEqualTo("at-login");
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-login");
    }

    @Test
    void does_not_keep_the_refresh_token_that_was_just_spent() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      logIn(tokens("at-login", Optional.empty(), Optional.of(in(Duration.ofMinutes(5)))));
      upstream.answer(good("at-2", "rt-2"));
      done(answer);
      assertThat(done(vault().accessToken(ALICE))).isEqualTo("at-login");
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
    }
  }

  @Nested
  class While_the_store_is_away {
    @Test
    void what_was_opened_goes_on() {
      logIn(good("at-1", "rt-1"));
      done(vault.accessToken(ALICE));
      store.away = true;
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
    }

    @Test
    void what_was_opened_goes_on_until_it_ends() {
      logIn(good("at-1", "rt-1"));
      done(vault.accessToken(ALICE));
      store.away = true;
      clock.forward(Duration.ofMinutes(5).minusSeconds(1));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-1");
      clock.forward(Duration.ofSeconds(1));
      assertThat(failed(vault.accessToken(ALICE))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void what_was_not_opened_is_not_known() {
      logIn(good("at-1", "rt-1"));
      store.away = true;
      assertThat(failed(vault.accessToken(ALICE))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void a_login_is_refused() {
      store.away = true;
      var login = new UpstreamLogin(person("alice"), good("at-1", "rt-1"));
      assertThat(failed(vault.keep(ALICE, login))).isInstanceOf(UnavailableException.class);
    }
  }

  @Nested
  class A_refresh_answer_that_cannot_be_stored {
    private void refreshWithoutStore() {
      logInAndLetItFallDue();
      var answer = vault.accessToken(ALICE);
      store.readOnly = true;
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(answer)).isEqualTo("at-2");
    }

    @Test
    void is_used_all_the_same() {
      refreshWithoutStore();
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
    }

    @Test
    void is_stored_by_the_next_request_after_the_store_is_back() {
      refreshWithoutStore();
      store.readOnly = false;
      clock.forward(Duration.ofSeconds(1));
      done(vault.accessToken(ALICE));
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
    }

    @Test
    void keeps_others_from_taking_its_process_for_dead() {
      logInAndLetItExpire();
      var answer = vault.accessToken(ALICE);
      store.frozen = true;
      upstream.answer(good("at-2", "rt-2"));
      assertThat(done(answer)).isEqualTo("at-2");
      assertThat(failed(vault().accessToken(ALICE))).isInstanceOf(UnavailableException.class);
    }

    @Test
    void is_not_tried_again_at_every_request() {
      refreshWithoutStore();
      store.readOnly = false;
      done(vault.accessToken(ALICE));
      assertThat(storedRefreshToken()).isEqualTo("rt-1");
    }

    @Test
    void is_stored_before_its_refresh_token_is_redeemed() {
      refreshWithoutStore();
      store.readOnly = false;
      clock.forward(Duration.ofMinutes(6));
      var answer = vault.accessToken(ALICE);
      upstream.answer(good("at-3", "rt-3"));
      assertThat(done(answer)).isEqualTo("at-3");
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-2");
    }

    @Test
    void never_spends_a_refresh_token_twice() {
      refreshWithoutStore();
      clock.forward(Duration.ofMinutes(6));
      assertThat(failed(vault.accessToken(ALICE))).isInstanceOf(UnavailableException.class);
      assertThat(upstream.redeemed).containsExactly("rt-1");
    }

    @Test
    void gives_its_refresh_token_to_a_login_without_one() {
      refreshWithoutStore();
      store.readOnly = false;
      logIn(tokens("at-login", Optional.empty(), Optional.of(in(Duration.ofMinutes(5)))));
      assertThat(storedRefreshToken()).isEqualTo("rt-2");
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-login");
    }

    @Test
    void does_not_overwrite_a_later_login_elsewhere() {
      refreshWithoutStore();
      store.readOnly = false;
      done(vault().keep(ALICE, new UpstreamLogin(person("alice"), good("at-login", "rt-login"))));
      clock.forward(Duration.ofSeconds(1));
      done(vault.accessToken(ALICE));
      assertThat(storedRefreshToken()).isEqualTo("rt-login");
    }
  }

  @Test
  void a_refresh_of_another_process_is_used() {
    logInAndLetItFallDue();
    var other = vault();
    var theirs = other.accessToken(ALICE);
    upstream.answer(good("at-2", "rt-2"));
    done(theirs);
    assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
    assertThat(upstream.redeemed).hasSize(1);
  }

  @Test
  void an_upstream_that_is_not_configured_any_more_needs_a_new_login() {
    logInAndLetItExpire();
    refusesTheToken(new Vault(entries, () -> Map.of(), given.means()).accessToken(ALICE));
  }
}
