package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamTokens;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The accounts that one person has at several providers. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LinkedAccountsTest {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final VaultKey MINE = new VaultKey("u_alice", "company", "alice");
  private static final VaultKey LINKED = new VaultKey("u_alice", "hub", "coder");

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream company = new ScriptedUpstream();
  private final ScriptedUpstream hub = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final Vault vault = vault("keyturn");

  /** Where we are {@code client} at the hub. */
  private Vault vault(String client) {
    return new Vault(
        given.entries(store),
        () ->
            Map.of(
                "company",
                GivenVault.at(company),
                "hub",
                VaultUpstream.of(hub, client, Optional.empty())),
        given.means());
  }

  private UpstreamTokens good(String name, Optional<String> refresh) {
    return tokens("at-" + name, refresh, Optional.of(clock.instant().plus(LIFE)));
  }

  private void link(Optional<String> refresh) {
    done(vault.link(LINKED, new UpstreamLogin(person("coder"), good("hub", refresh))));
  }

  private void logIn() {
    var login = new UpstreamLogin(person("alice"), good("company", Optional.of("rt-company")));
    done(vault.keep(MINE, login));
  }

  @Test
  void each_provider_s_token_is_its_own() {
    logIn();
    link(Optional.of("rt-hub"));
    assertThat(done(vault.accessToken(MINE))).isEqualTo("at-company");
    assertThat(done(vault.accessToken(LINKED))).isEqualTo("at-hub");
  }

  @Test
  void a_further_account_is_not_kept_as_if_it_were_the_identity() {
    var login = new UpstreamLogin(person("coder"), good("hub", Optional.empty()));
    assertThat(failed(vault.keep(LINKED, login))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void no_account_is_linked_under_the_name_of_another_one() {
    var login = new UpstreamLogin(person("other"), good("hub", Optional.empty()));
    assertThat(failed(vault.link(LINKED, login))).isInstanceOf(IllegalArgumentException.class);
    assertThat(done(vault.holds(LINKED))).isFalse();
  }

  @Test
  void it_is_refreshed_as_the_person_that_its_own_provider_knows() {
    link(Optional.of("rt-hub"));
    clock.forward(LIFE);
    var asked = vault.accessToken(LINKED);
    hub.answer(good("hub-2", Optional.of("rt-hub-2")));
    assertThat(done(asked)).isEqualTo("at-hub-2");
    assertThat(company.redeemed).isEmpty();
  }

  @Test
  void a_provider_that_does_not_answer_keeps_the_other_one_from_nothing() {
    logIn();
    link(Optional.of("rt-hub"));
    clock.forward(LIFE);
    var slow = vault.accessToken(MINE);
    var quick = vault.accessToken(LINKED);
    hub.answer(good("hub-2", Optional.of("rt-hub-2")));
    assertThat(done(quick)).isEqualTo("at-hub-2");
    assertThat(slow.isComplete()).isFalse();
  }

  @Test
  void a_pause_at_one_provider_is_none_at_the_other() {
    logIn();
    link(Optional.of("rt-hub"));
    clock.forward(LIFE);
    var failing = vault.accessToken(MINE);
    company.answer(new RefreshAnswer.Away(Optional.of(Duration.ofHours(1))));
    failed(failing);
    var asked = vault.accessToken(LINKED);
    hub.answer(good("hub-2", Optional.of("rt-hub-2")));
    assertThat(done(asked)).isEqualTo("at-hub-2");
  }

  @Test
  void a_no_of_one_provider_is_none_of_the_other() {
    logIn();
    link(Optional.of("rt-hub"));
    clock.forward(LIFE.minusSeconds(10));
    var asked = vault.accessToken(LINKED);
    hub.answer(new RefreshAnswer.Refused());
    assertThat(failed(asked)).isInstanceOf(OAuthException.class);
    assertThat(done(vault.holds(LINKED))).isFalse();
    assertThat(done(vault.holds(MINE))).isTrue();
  }

  @Nested
  class An_account_serves {
    @Test
    void while_its_token_lives() {
      link(Optional.empty());
      assertThat(done(vault.holds(LINKED))).isTrue();
    }

    @Test
    void when_it_can_be_refreshed() {
      link(Optional.of("rt-hub"));
      clock.forward(LIFE);
      assertThat(done(vault.holds(LINKED))).isTrue();
      assertThat(hub.redeemed).isEmpty();
    }

    @Test
    void no_more_when_its_token_has_ended_and_cannot() {
      link(Optional.empty());
      clock.forward(LIFE);
      assertThat(done(vault.holds(LINKED))).isFalse();
    }

    @Test
    void no_more_when_we_are_another_client_there_and_its_token_has_ended() {
      link(Optional.of("rt-hub"));
      clock.forward(LIFE);
      assertThat(done(vault("another").holds(LINKED))).isFalse();
    }

    @Test
    void never_when_it_was_forgotten() {
      link(Optional.of("rt-hub"));
      done(vault.forget(LINKED));
      assertThat(done(vault.holds(LINKED))).isFalse();
    }

    @Test
    void nobody_else() {
      link(Optional.of("rt-hub"));
      assertThat(done(vault.holds(new VaultKey("u_bob", "hub", "coder")))).isFalse();
      assertThat(done(vault.holds(new VaultKey("u_alice", "company", "coder")))).isFalse();
    }
  }
}
