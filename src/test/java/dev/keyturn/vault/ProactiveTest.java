package dev.keyturn.vault;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.vault.ScriptedUpstream.person;
import static dev.keyturn.vault.ScriptedUpstream.tokens;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.upstream.RefreshAnswer;
import dev.keyturn.upstream.UpstreamLogin;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** What the vault does by itself. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProactiveTest {
  private static final Duration LIFE = Duration.ofMinutes(10);

  private final SettableClock clock = new SettableClock();
  private final MovableStore store = new MovableStore(clock);
  private final ScriptedUpstream upstream = new ScriptedUpstream();
  private final ScriptedUpstream second = new ScriptedUpstream();
  private final GivenVault given = new GivenVault(clock);
  private final Vault vault =
      new Vault(
          given.entries(store),
          () -> Map.of("one", GivenVault.at(upstream), "two", GivenVault.at(second)),
          given.means());

  private VaultKey logIn(String person, String at) {
    var key = new VaultKey("u_" + person, at, person);
    var brought = tokens("at-" + person, Optional.of("rt-" + person), end());
    done(vault.keep(key, new UpstreamLogin(person(person), brought)));
    return key;
  }

  private Optional<java.time.Instant> end() {
    return Optional.of(clock.instant().plus(LIFE));
  }

  private VaultKey use(String person) {
    var key = logIn(person, "one");
    done(vault.usable(key));
    return key;
  }

  /** Time goes by and the vault does what is due, for {@code time} in all. */
  private void pass(Duration time) {
    for (long i = 0; i < time.toSeconds(); i++) {
      clock.forward(Duration.ofSeconds(1));
      vault.tick();
    }
  }

  /** The same, while the provider answers nothing. */
  private void fail(Duration time) {
    for (long i = 0; i < time.toSeconds(); i++) {
      pass(Duration.ofSeconds(1));
      upstream.asked.forEach(one -> one.tryComplete(new RefreshAnswer.Away(Optional.empty())));
    }
  }

  @Test
  void what_is_in_use_is_refreshed_before_it_ends() {
    var key = use("alice");
    pass(LIFE.minus(Duration.ofMinutes(2)));
    assertThat(upstream.redeemed).containsExactly("rt-alice");
    upstream.answer(tokens("at-2", Optional.of("rt-2"), end()));
    assertThat(done(vault.accessToken(key))).isEqualTo("at-2");
  }

  @Test
  void it_is_not_refreshed_long_before() {
    use("alice");
    pass(LIFE.minus(Duration.ofMinutes(3)).minusSeconds(1));
    assertThat(upstream.redeemed).isEmpty();
  }

  @Test
  void what_nobody_has_asked_for_is_let_alone() {
    logIn("alice", "one");
    pass(LIFE);
    assertThat(upstream.redeemed).isEmpty();
  }

  @Test
  void what_nobody_has_asked_for_since_is_not_refreshed_again() {
    use("alice");
    pass(LIFE.minus(Duration.ofMinutes(2)));
    upstream.answer(tokens("at-2", Optional.of("rt-2"), end()));
    pass(LIFE.multipliedBy(2));
    assertThat(upstream.redeemed).containsExactly("rt-alice");
  }

  @Test
  void what_somebody_asks_for_again_is_refreshed_again() {
    var key = use("alice");
    pass(LIFE.minus(Duration.ofMinutes(2)));
    upstream.answer(tokens("at-2", Optional.of("rt-2"), end()));
    done(vault.usable(key));
    pass(LIFE);
    assertThat(upstream.redeemed).containsExactly("rt-alice", "rt-2");
  }

  @Test
  void what_has_no_refresh_token_is_let_alone() {
    var key = new VaultKey("u_alice", "one", "alice");
    var brought = tokens("at-1", Optional.empty(), end());
    done(vault.keep(key, new UpstreamLogin(person("alice"), brought)));
    done(vault.usable(key));
    var calls = store.raw.size();
    pass(LIFE.minusSeconds(60));
    assertThat(store.raw).hasSize(calls);
  }

  @Test
  void not_all_come_at_the_same_time() {
    for (int i = 0; i < 20; i++) {
      use("person-" + i);
    }
    var times = new HashSet<Integer>();
    for (int i = 0; i < 80; i++) {
      pass(Duration.ofSeconds(i == 0 ? 419 : 1));
      if (!upstream.asked.isEmpty()) {
        upstream.asked.forEach(asked -> asked.tryComplete(new RefreshAnswer.Refused()));
        times.add(upstream.asked.size());
      }
    }
    assertThat(times).hasSizeGreaterThan(5);
  }

  @Test
  void one_provider_is_asked_for_a_few_at_once() {
    for (int i = 0; i < 30; i++) {
      use("person-" + i);
    }
    pass(LIFE.minusSeconds(90));
    assertThat(upstream.asked).hasSize(8);
    upstream.asked.get(0).complete(new RefreshAnswer.Refused());
    pass(Duration.ofSeconds(2));
    assertThat(upstream.asked).hasSize(9);
  }

  @Test
  void a_provider_that_is_slow_keeps_no_other_waiting() {
    for (int i = 0; i < 30; i++) {
      use("person-" + i);
    }
    done(vault.usable(logIn("bob", "two")));
    pass(LIFE.minusSeconds(90));
    assertThat(second.redeemed).containsExactly("rt-bob");
  }

  @Test
  void an_outage_is_come_back_to() {
    use("alice");
    pass(LIFE.minus(Duration.ofMinutes(2)));
    upstream.answer(new RefreshAnswer.Away(Optional.empty()));
    pass(Duration.ofSeconds(5));
    assertThat(upstream.redeemed).containsExactly("rt-alice", "rt-alice");
  }

  @Test
  void an_outage_that_outlasts_the_token_is_left_to_whoever_needs_it() {
    use("alice");
    fail(LIFE);
    var asked = upstream.redeemed.size();
    fail(Duration.ofMinutes(10));
    assertThat(asked).isGreaterThan(1);
    assertThat(upstream.redeemed).hasSize(asked);
  }

  @Test
  void a_refresh_that_is_under_way_is_waited_for_at_the_end() {
    use("alice");
    pass(LIFE.minus(Duration.ofMinutes(2)));
    var rest = vault.rest();
    assertThat(rest.isComplete()).isFalse();
    upstream.answer(tokens("at-2", Optional.of("rt-2"), end()));
    assertThat(rest.isComplete()).isTrue();
  }

  @Test
  void what_the_store_did_not_take_is_written_when_it_does() {
    var key = use("alice");
    clock.forward(LIFE);
    var token = vault.accessToken(key);
    store.readOnly = true;
    upstream.answer(tokens("at-2", Optional.of("rt-2"), end()));
    assertThat(done(token)).isEqualTo("at-2");
    store.readOnly = false;
    pass(Duration.ofSeconds(1));
    var entry = done(given.entries(store).read(key)).orElseThrow().value();
    assertThat(entry.tokens().refreshToken()).contains("rt-2");
    assertThat(entry.state().intent()).isEmpty();
  }
}
