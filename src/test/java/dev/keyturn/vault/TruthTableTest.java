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
import dev.keyturn.upstream.Claims;
import dev.keyturn.upstream.ClientGeneration;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What becomes of an entry, of requests and of sessions, for each answer that a provider gives. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class TruthTableTest {
  private static final VaultKey ALICE = new VaultKey("u_alice", "default", "alice");
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Duration RECHECK = Duration.ofMinutes(1);

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final VaultEntries entries = given.entries(store);
  private Optional<Boolean> rotates = Optional.empty();
  private final Vault vault =
      new Vault(
          entries,
          () -> Map.of("default", VaultUpstream.of(upstream, "keyturn", rotates)),
          given.means(time -> Promise.<Void>promise().future()));

  @BeforeEach
  void log_in() {
    logIn("at-1", "rt-1");
  }

  private void logIn(String access, String refresh) {
    var tokens = tokens(access, Optional.of(refresh), Optional.of(clock.instant().plus(LIFE)));
    done(vault.keep(ALICE, new UpstreamLogin(person("alice"), tokens)));
  }

  private Future<String> askWhenDue(RefreshAnswer answer) {
    clock.forward(LIFE.minusSeconds(10));
    return ask(answer);
  }

  private Future<String> askWhenOver(RefreshAnswer answer) {
    clock.forward(LIFE);
    return ask(answer);
  }

  private Future<String> ask(RefreshAnswer answer) {
    var token = vault.accessToken(ALICE);
    upstream.answer(answer);
    return token;
  }

  /** What our own token endpoint is told. */
  private boolean stands(RefreshAnswer answer) {
    clock.forward(RECHECK);
    var stands = vault.stands(ALICE, RECHECK);
    upstream.answer(answer);
    return done(stands);
  }

  private VaultEntry entry() {
    return done(entries.read(ALICE)).orElseThrow().value();
  }

  private static ErrorCode code(Future<?> refused) {
    return ((OAuthException) failed(refused)).error().code();
  }

  private static Duration pauseOf(Future<?> refused) {
    return ((UnavailableException) failed(refused)).retryAfter();
  }

  @Nested
  class A_definite_no {
    private final RefreshAnswer answer = new RefreshAnswer.Refused();

    @Test
    void makes_the_entry_dead() {
      askWhenDue(answer);
      assertThat(entry().state().dead()).isTrue();
      assertThat(entry().tokens().refreshToken()).isEmpty();
    }

    @Test
    void is_audited() {
      askWhenDue(answer);
      assertThat(given.audited).containsExactly("upstream.refreshed:refused");
    }

    @Test
    void asks_for_a_new_login_although_the_old_token_lives() {
      assertThat(code(askWhenDue(answer))).isEqualTo(ErrorCode.INVALID_TOKEN);
    }

    @Test
    void ends_sessions() {
      assertThat(stands(answer)).isFalse();
    }

    @Test
    void ends_every_session_without_asking_again() {
      stands(answer);
      assertThat(done(vault.stands(ALICE, RECHECK))).isFalse();
      assertThat(upstream.redeemed).hasSize(1);
    }

    @Test
    void is_over_with_a_new_login() {
      askWhenDue(answer);
      logIn("at-2", "rt-2");
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
    }
  }

  @Nested
  class A_client_that_is_not_known {
    private final RefreshAnswer answer = new RefreshAnswer.ClientRefused();

    @Test
    void leaves_the_entry_as_it_was() {
      var before = entry().tokens();
      askWhenDue(answer);
      assertThat(entry().tokens()).isEqualTo(before);
      assertThat(entry().state().intent()).isEmpty();
    }

    @Test
    void is_audited() {
      askWhenDue(answer);
      assertThat(given.audited).containsExactly("upstream.refreshed:client_refused");
    }

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
    }

    @Test
    void is_an_outage_when_the_old_token_is_over() {
      assertThat(pauseOf(askWhenOver(answer))).isPositive();
    }

    @Test
    void ends_no_session() {
      assertThat(stands(answer)).isTrue();
    }
  }

  @Nested
  class Too_many_requests {
    private final RefreshAnswer answer =
        new RefreshAnswer.Away(Optional.of(Duration.ofSeconds(77)));

    @Test
    void let_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
    }

    @Test
    void are_passed_on_with_the_same_time_to_wait() {
      assertThat(pauseOf(askWhenOver(answer))).isEqualTo(Duration.ofSeconds(77));
    }

    @Test
    void keep_everybody_away_for_that_time() {
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(76));
      assertThat(pauseOf(vault.accessToken(ALICE))).isEqualTo(Duration.ofSeconds(1));
      assertThat(upstream.redeemed).hasSize(1);
    }

    @Test
    void are_over_after_that_time() {
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(77));
      var token = vault.accessToken(ALICE);
      upstream.answer(tokens("at-2", Optional.of("rt-2"), Optional.empty()));
      assertThat(done(token)).isEqualTo("at-2");
    }

    @Test
    void end_no_session() {
      assertThat(stands(answer)).isTrue();
      assertThat(entry().state().dead()).isFalse();
    }
  }

  @Nested
  class An_outage {
    private final RefreshAnswer answer = new RefreshAnswer.Away(Optional.empty());

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(entry().state().intent()).isEmpty();
    }

    @Test
    void is_told_when_the_old_token_is_over() {
      assertThat(pauseOf(askWhenOver(answer))).isLessThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void makes_the_pause_longer_each_time_and_never_long() {
      askWhenOver(answer);
      for (int i = 0; i < 12; i++) {
        clock.forward(Duration.ofSeconds(60));
        ask(answer);
      }
      assertThat(pauseOf(vault.accessToken(ALICE)))
          .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
      assertThat(upstream.redeemed).hasSize(13);
    }

    @Test
    void is_over_when_one_refresh_works() {
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(60));
      var token = vault.accessToken(ALICE);
      upstream.answer(tokens("at-2", Optional.of("rt-2"), Optional.of(clock.instant().plus(LIFE))));
      assertThat(done(token)).isEqualTo("at-2");
      clock.forward(LIFE);
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-1", "rt-2");
    }

    @Test
    void ends_no_session() {
      assertThat(stands(answer)).isTrue();
    }
  }

  @Nested
  class An_answer_that_is_lost {
    private final RefreshAnswer answer = new RefreshAnswer.Lost();

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(given.audited).containsExactly("upstream.refreshed:lost");
    }

    @Test
    void is_the_end_when_the_old_token_is_over() {
      assertThat(code(askWhenOver(answer))).isEqualTo(ErrorCode.INVALID_TOKEN);
    }

    @Test
    void is_never_asked_for_again() {
      askWhenDue(answer);
      clock.forward(Duration.ofMinutes(5));
      assertThat(code(vault.accessToken(ALICE))).isEqualTo(ErrorCode.INVALID_TOKEN);
      assertThat(upstream.redeemed).containsExactly("rt-1");
    }

    @Test
    void is_asked_for_again_where_refresh_tokens_stay() {
      rotates = Optional.of(false);
      askWhenDue(answer);
      clock.forward(Duration.ofMinutes(5));
      var token = vault.accessToken(ALICE);
      upstream.answer(tokens("at-2", Optional.empty(), Optional.empty()));
      assertThat(done(token)).isEqualTo("at-2");
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-1");
    }

    @Test
    void is_asked_for_again_where_an_answer_has_shown_that_refresh_tokens_stay() {
      assertThat(done(askWhenOver(new RefreshAnswer.Redeemed(later("at-2", Optional.empty())))))
          .isEqualTo("at-2");
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(60));
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-1", "rt-1");
    }

    @Test
    void is_not_asked_for_again_where_an_answer_has_shown_that_they_do_not() {
      askWhenOver(new RefreshAnswer.Redeemed(later("at-2", Optional.of("rt-2"))));
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(60));
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-2");
    }

    @Test
    void ends_no_session_while_the_old_token_lives() {
      assertThat(stands(answer)).isTrue();
    }

    @Test
    void is_made_good_by_a_login() {
      askWhenOver(answer);
      logIn("at-2", "rt-2");
      clock.forward(LIFE);
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-2");
    }

    @Test
    void is_not_made_good_by_a_login_without_a_refresh_token() {
      askWhenOver(answer);
      var login = later("at-2", Optional.empty());
      done(vault.keep(ALICE, new UpstreamLogin(person("alice"), login)));
      clock.forward(LIFE.multipliedBy(2));
      assertThat(code(vault.accessToken(ALICE))).isEqualTo(ErrorCode.INVALID_TOKEN);
      assertThat(upstream.redeemed).containsExactly("rt-1");
    }
  }

  private dev.keyturn.upstream.UpstreamTokens later(String access, Optional<String> refresh) {
    return tokens(access, refresh, Optional.of(clock.instant().plus(LIFE.multipliedBy(2))));
  }

  @Nested
  class An_answer_without_meaning {
    private final RefreshAnswer answer = new RefreshAnswer.Unusable();

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(entry().tokens().refreshToken()).contains("rt-1");
    }

    @Test
    void is_audited() {
      askWhenDue(answer);
      assertThat(given.audited).containsExactly("upstream.refreshed:unusable");
    }

    @Test
    void is_a_bad_gateway_when_the_old_token_is_over() {
      var refused = ((OAuthException) failed(askWhenOver(answer))).error();
      assertThat(refused.status()).isEqualTo(502);
    }

    @Test
    void ends_no_session() {
      assertThat(stands(answer)).isTrue();
    }
  }

  @Nested
  class An_answer_that_nothing_proves {
    private final RefreshAnswer answer =
        new RefreshAnswer.Redeemed(tokens("at-2", Optional.of("rt-2"), Optional.empty()));

    @BeforeEach
    void disbelieve() {
      upstream.judgement = fresh -> Future.failedFuture(ErrorCode.SERVER_ERROR.because(""));
    }

    @Test
    void is_not_handed_out() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(given.audited).containsExactly("upstream.refreshed:unusable");
    }

    @Test
    void leaves_its_refresh_token_since_the_old_one_is_spent() {
      askWhenDue(answer);
      assertThat(entry().tokens().accessToken()).isEqualTo("at-1");
      assertThat(entry().tokens().refreshToken()).contains("rt-2");
    }

    @Test
    void is_a_bad_gateway_when_the_old_token_is_over() {
      var refused = ((OAuthException) failed(askWhenOver(answer))).error();
      assertThat(refused.status()).isEqualTo(502);
    }
  }

  @Nested
  class An_answer_that_cannot_be_judged_now {
    private final RefreshAnswer answer =
        new RefreshAnswer.Redeemed(tokens("at-2", Optional.of("rt-2"), Optional.empty()));

    @BeforeEach
    void be_in_doubt() {
      upstream.judgement =
          fresh -> Future.failedFuture(new UnavailableException("no keys", Duration.ofSeconds(3)));
    }

    @Test
    void is_kept_and_not_handed_out() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(entry().state().unvalidated().orElseThrow().accessToken()).isEqualTo("at-2");
      assertThat(entry().state().intent()).isEmpty();
    }

    @Test
    void is_judged_again_and_not_asked_for_again() {
      assertThat(pauseOf(askWhenOver(answer))).isEqualTo(Duration.ofSeconds(3));
      upstream.judgement = Future::succeededFuture;
      clock.forward(Duration.ofSeconds(3));
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
      assertThat(upstream.redeemed).containsExactly("rt-1");
      assertThat(entry().tokens().refreshToken()).contains("rt-2");
    }

    @Test
    void gives_its_refresh_token_to_a_login_without_one() {
      askWhenOver(answer);
      var login = later("at-3", Optional.empty());
      done(vault.keep(ALICE, new UpstreamLogin(person("alice"), login)));
      assertThat(entry().tokens().accessToken()).isEqualTo("at-3");
      assertThat(entry().tokens().refreshToken()).contains("rt-2");
      assertThat(entry().state().unvalidated()).isEmpty();
    }
  }

  /** Somebody else at the same provider, whose entry is as due as Alice's. */
  @Nested
  class Another_account {
    private static final VaultKey BOB = new VaultKey("u_bob", "default", "bob");

    @BeforeEach
    void log_in() {
      var tokens = tokens("bob-1", Optional.of("rt-b"), Optional.of(clock.instant().plus(LIFE)));
      done(vault.keep(BOB, new UpstreamLogin(person("bob"), tokens)));
    }

    private List<String> redeemedAfter(RefreshAnswer alices) {
      askWhenOver(alices);
      vault.accessToken(BOB);
      return upstream.redeemed;
    }

    private Future<String> bobsAfter(RefreshAnswer alices) {
      askWhenOver(alices);
      var token = vault.accessToken(BOB);
      upstream.answer(tokens("bob-2", Optional.of("rt-b2"), Optional.empty()));
      return token;
    }

    @Test
    void is_refreshed_although_an_answer_was_without_meaning() {
      assertThat(done(bobsAfter(new RefreshAnswer.Unusable()))).isEqualTo("bob-2");
    }

    @Test
    void is_refreshed_although_a_refusal_was_in_words_that_say_nothing() {
      assertThat(done(bobsAfter(new RefreshAnswer.Unclear()))).isEqualTo("bob-2");
    }

    @Test
    void is_refreshed_although_the_client_was_not_known() {
      assertThat(done(bobsAfter(new RefreshAnswer.ClientRefused()))).isEqualTo("bob-2");
    }

    @Test
    void is_refreshed_although_nothing_proved_an_answer() {
      upstream.judgement =
          fresh ->
              fresh.accessToken().equals("at-2")
                  ? Future.failedFuture(ErrorCode.SERVER_ERROR.because(""))
                  : Future.succeededFuture(fresh);
      var forged =
          new RefreshAnswer.Redeemed(tokens("at-2", Optional.of("rt-2"), Optional.empty()));
      assertThat(done(bobsAfter(forged))).isEqualTo("bob-2");
    }

    @Test
    void is_refreshed_although_asking_failed_by_a_fault_of_ours() {
      clock.forward(LIFE);
      vault.accessToken(ALICE);
      upstream.fail(new IllegalStateException("broken"));
      var token = vault.accessToken(BOB);
      upstream.answer(tokens("bob-2", Optional.empty(), Optional.empty()));
      assertThat(done(token)).isEqualTo("bob-2");
    }

    @Test
    void waits_while_the_provider_is_in_trouble() {
      assertThat(redeemedAfter(new RefreshAnswer.Away(Optional.empty()))).containsExactly("rt-1");
    }

    @Test
    void waits_after_too_many_requests() {
      assertThat(redeemedAfter(new RefreshAnswer.Away(Optional.of(Duration.ofSeconds(77)))))
          .containsExactly("rt-1");
    }

    @Test
    void waits_while_answers_get_lost() {
      assertThat(redeemedAfter(new RefreshAnswer.Lost())).containsExactly("rt-1");
    }

    @Test
    void does_not_keep_the_one_in_trouble_from_being_left_alone() {
      done(bobsAfter(new RefreshAnswer.Unusable()));
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-b");
    }
  }

  @Nested
  class A_client_that_is_gone {
    private final RefreshAnswer answer = new RefreshAnswer.Orphaned();

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(entry().state().dead()).isFalse();
    }

    @Test
    void leaves_nothing_that_could_be_redeemed() {
      askWhenDue(answer);
      assertThat(entry().tokens().refreshToken()).isEmpty();
      assertThat(entry().state().intent()).isEmpty();
    }

    @Test
    void is_audited() {
      askWhenDue(answer);
      assertThat(given.audited).containsExactly("upstream.refreshed:orphaned");
    }

    @Test
    void asks_for_a_new_login_when_the_old_token_is_over() {
      assertThat(code(askWhenOver(answer))).isEqualTo(ErrorCode.INVALID_TOKEN);
      assertThat(done(vault.holds(ALICE))).isFalse();
    }

    @Test
    void is_over_with_a_new_login() {
      askWhenOver(answer);
      logIn("at-2", "rt-2");
      assertThat(done(vault.accessToken(ALICE))).isEqualTo("at-2");
    }
  }

  @Nested
  class Another_client {
    @Test
    void is_noted_with_what_it_was_given() {
      logInBy("other", "at-2", Optional.of("rt-2"));
      assertThat(entry().state().generation()).isEqualTo(ClientGeneration.of("other"));
    }

    @Test
    void takes_no_refresh_token_of_the_one_before() {
      logInBy("other", "at-2", Optional.empty());
      assertThat(entry().tokens().refreshToken()).isEmpty();
    }

    @Test
    void that_is_the_same_one_takes_it() {
      logInBy("keyturn", "at-2", Optional.empty());
      assertThat(entry().tokens().refreshToken()).contains("rt-1");
    }

    @Test
    void is_named_to_the_owner_of_the_provider() {
      logInBy("keyturn", "at-2", Optional.of("rt-2"));
      askWhenDue(new RefreshAnswer.Unclear());
      assertThat(upstream.generations).containsExactly(ClientGeneration.of("keyturn"));
    }

    private void logInBy(String client, String access, Optional<String> refresh) {
      var tokens = tokens(access, refresh, Optional.of(clock.instant().plus(LIFE)));
      var login = new UpstreamLogin(person("alice"), tokens, Claims.NONE, Optional.of(client));
      done(vault.keep(ALICE, login));
    }
  }

  @Nested
  class A_provider_at_which_we_register {
    private final Vault registering =
        new Vault(
            entries,
            () -> Map.of("default", VaultUpstream.registering(upstream, rotates)),
            given.means(time -> Promise.<Void>promise().future()));

    @Test
    void is_asked_whatever_client_the_tokens_were_given_to() {
      clock.forward(LIFE);
      var token = registering.accessToken(ALICE);
      upstream.answer(tokens("at-2", Optional.empty(), Optional.empty()));
      assertThat(done(token)).isEqualTo("at-2");
      assertThat(upstream.generations).containsExactly(ClientGeneration.of("keyturn"));
    }
  }

  @Nested
  class A_refusal_in_words_that_say_nothing {
    private final RefreshAnswer answer = new RefreshAnswer.Unclear();

    @Test
    void lets_the_old_token_go_on() {
      assertThat(done(askWhenDue(answer))).isEqualTo("at-1");
      assertThat(entry().tokens().refreshToken()).contains("rt-1");
      assertThat(entry().state().intent()).isEmpty();
    }

    @Test
    void is_audited() {
      askWhenDue(answer);
      assertThat(given.audited).containsExactly("upstream.refreshed:unclear");
    }

    @Test
    void is_an_outage_when_the_old_token_is_over() {
      assertThat(pauseOf(askWhenOver(answer))).isPositive();
    }

    @Test
    void is_asked_for_again_after_a_while() {
      askWhenOver(answer);
      clock.forward(Duration.ofSeconds(1));
      var token = vault.accessToken(ALICE);
      upstream.answer(tokens("at-2", Optional.empty(), Optional.empty()));
      assertThat(done(token)).isEqualTo("at-2");
    }

    @Test
    void is_forgotten_with_a_new_login() {
      askWhenOver(answer);
      var login = tokens("at-2", Optional.of("rt-2"), Optional.of(clock.instant()));
      done(vault.keep(ALICE, new UpstreamLogin(person("alice"), login)));
      vault.accessToken(ALICE);
      assertThat(upstream.redeemed).containsExactly("rt-1", "rt-2");
    }

    @Test
    void ends_no_session() {
      assertThat(stands(answer)).isTrue();
    }
  }

  @Test
  void an_answer_is_in_the_store_before_it_is_judged() {
    upstream.judgement =
        fresh -> {
          assertThat(entry().state().unvalidated()).contains(fresh);
          return Future.succeededFuture(fresh);
        };
    var answer = tokens("at-2", Optional.of("rt-2"), Optional.empty());
    assertThat(done(askWhenOver(new RefreshAnswer.Redeemed(answer)))).isEqualTo("at-2");
  }

  @Test
  void an_intent_is_in_the_store_before_anything_is_sent() {
    clock.forward(LIFE);
    vault.accessToken(ALICE);
    assertThat(upstream.redeemed).hasSize(1);
    assertThat(entry().state().intent()).isPresent();
    assertThat(entry().state().tried()).contains(clock.instant());
  }

  @Test
  void an_entry_of_another_client_is_not_redeemed() {
    var others =
        new Vault(
            entries,
            () -> Map.of("default", VaultUpstream.of(upstream, "another", rotates)),
            given.means());
    clock.forward(LIFE.minusSeconds(10));
    assertThat(done(others.accessToken(ALICE))).isEqualTo("at-1");
    clock.forward(Duration.ofSeconds(10));
    assertThat(code(others.accessToken(ALICE))).isEqualTo(ErrorCode.INVALID_TOKEN);
    assertThat(upstream.redeemed).isEmpty();
  }
}
