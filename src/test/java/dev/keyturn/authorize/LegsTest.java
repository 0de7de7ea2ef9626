package dev.keyturn.authorize;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.crypto.SealingKeys;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.upstream.Claims;
import dev.keyturn.upstream.Identity;
import dev.keyturn.upstream.Role;
import dev.keyturn.upstream.UpstreamLogin;
import dev.keyturn.upstream.UpstreamOverBus;
import dev.keyturn.upstream.UpstreamTokens;
import dev.keyturn.user.LinkedAccount;
import dev.keyturn.user.LoginPointers;
import dev.keyturn.user.User;
import dev.keyturn.user.Users;
import dev.keyturn.vault.Seals;
import dev.keyturn.vault.Vault;
import dev.keyturn.vault.VaultEntries;
import dev.keyturn.vault.VaultKey;
import dev.keyturn.vault.VaultMeans;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class LegsTest {
  private static final Duration LIFE = Duration.ofMinutes(5);
  private static final Scopes ASKED = Scopes.parse("repo");

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1_000);
  private final SecureRandom random = new SecureRandom();
  private final Vertx vertx = Vertx.vertx();
  private final List<String> audited = new ArrayList<>();
  private final Users users = new Users(store, clock);
  private final Vault vault = vault();
  private final LinkedTokens tokens =
      new LinkedTokens(
          users,
          vault,
          new LoginPointers(new MemoryStore(clock, 1_000), () -> Duration.ofDays(30)),
          Duration.ofDays(30),
          (kind, details) -> audited.add(kind.wire() + " " + new TreeMap<>(details)),
          clock);
  private final Arrived alice =
      new Arrived(
          "u_alice",
          "company",
          Map.of("company", "alice"),
          Map.of("company", Scopes.NONE),
          new Authorization.Person(
              Optional.empty(),
              Optional.empty(),
              false,
              Optional.empty(),
              Optional.empty(),
              List.of(),
              Optional.of("company")),
          clock.instant(),
          "alice@example.com",
          Optional.empty());

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private Vault vault() {
    var keys = SealingKeys.ephemeral(random);
    var seals = new Seals(() -> keys, () -> LIFE, clock, (kind, details) -> {});
    return new Vault(
        new VaultEntries(store, seals, () -> Duration.ofDays(30)),
        Map::of,
        new VaultMeans(clock, random, time -> Future.succeededFuture(), (kind, details) -> {}));
  }

  /** What is left to ask, where the hub is asked for {@code scopes}. */
  private Linking legs(String scopes) {
    var company = way("company", true, Scopes.NONE);
    var hub = way("hub", false, Scopes.parse(scopes));
    var ways = new Ways(List.of(company, hub), List.of());
    return done(
        new Legs(ways, users, vault)
            .of(alice, List.of("https://mcp.example.com/mcp"), Claims.NONE));
  }

  private Way way(String name, boolean identity, Scopes scopes) {
    var role = new Role(identity, false, Optional.empty());
    return new Way(new UpstreamOverBus(vertx, "", name), role, scopes, true, false, false);
  }

  private void keep(String account) {
    keep(who(account), Optional.of(clock.instant().plus(LIFE)), ASKED);
  }

  /** Tokens that do not end by themselves. */
  private void keepForGood(String account) {
    keep(who(account), Optional.empty(), ASKED);
  }

  private static Identity who(String account) {
    return new Identity(
        "u_" + account,
        account,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        List.of());
  }

  private void keep(Identity who, Optional<Instant> end, Scopes granted) {
    var brought =
        new UpstreamTokens("at-" + who.account(), Optional.empty(), Optional.empty(), end, granted);
    done(tokens.keep(alice, "hub", new UpstreamLogin(who, brought)));
  }

  private void link(String account) {
    keep(account);
    confirm(account);
  }

  private void confirm(String account) {
    var found = new WaitingLink.Found(account, account, account, ASKED.wire(), ASKED.wire());
    done(tokens.link("a-request", alice, found, "hub"));
  }

  @Test
  void who_has_no_account_is_asked() {
    assertThat(legs("repo").left()).containsExactly("hub");
  }

  @Test
  void an_account_that_is_linked_and_serves_is_used() {
    link("coder");
    assertThat(legs("repo").left()).isEmpty();
    assertThat(legs("repo").arrived().accounts()).containsEntry("hub", "coder");
  }

  @Test
  void of_several_the_one_that_was_linked_last_is_used() {
    link("coder");
    link("other");
    assertThat(legs("repo").arrived().accounts()).containsEntry("hub", "other");
  }

  @Test
  void one_whose_tokens_are_gone_gives_way_to_one_that_serves() {
    link("coder");
    link("other");
    done(vault.forget(new VaultKey("u_alice", "hub", "other")));
    assertThat(legs("repo").arrived().accounts()).containsEntry("hub", "coder");
  }

  @Test
  void an_account_whose_token_has_ended_is_asked_for_again() {
    link("coder");
    clock.forward(LIFE);
    assertThat(legs("repo").left()).containsExactly("hub");
  }

  @Test
  void an_account_that_nobody_has_confirmed_is_not_used() {
    keep("coder");
    assertThat(legs("repo").left()).containsExactly("hub");
  }

  @Test
  void wider_scopes_are_asked_for_anew() {
    link("coder");
    assertThat(legs("repo workflow").left()).containsExactly("hub");
  }

  @Test
  void what_is_wider_than_the_page_would_name_is_not_used() {
    link("coder");
    assertThat(legs("").left()).containsExactly("hub");
  }

  @Test
  void the_tokens_of_an_account_that_is_not_wanted_are_forgotten() {
    keep("coder");
    done(tokens.drop(alice, "hub", "coder"));
    assertThat(holds("coder")).isFalse();
  }

  @Test
  void those_of_one_that_was_linked_before_stay() {
    link("coder");
    done(tokens.drop(alice, "hub", "coder"));
    assertThat(legs("repo").left()).isEmpty();
  }

  @Test
  void tokens_of_a_link_that_nobody_confirms_are_forgotten() {
    keepForGood("coder");
    clock.forward(Duration.ofMinutes(15));
    assertThat(holds("coder")).isFalse();
  }

  @Test
  void they_are_there_for_as_long_as_the_page_may_be_answered() {
    keepForGood("coder");
    clock.forward(Arrived.LINKING);
    assertThat(holds("coder")).isTrue();
  }

  @Test
  void those_of_one_that_was_confirmed_are_kept() {
    keepForGood("coder");
    confirm("coder");
    clock.forward(Duration.ofDays(29));
    assertThat(holds("coder")).isTrue();
  }

  @Test
  void a_further_page_for_one_that_is_linked_shortens_nothing() {
    keepForGood("coder");
    confirm("coder");
    clock.forward(Duration.ofMinutes(1));
    keepForGood("coder");
    clock.forward(Duration.ofDays(29));
    assertThat(holds("coder")).isTrue();
  }

  @Test
  void a_link_is_audited_with_the_person_and_the_request() {
    link("coder");
    assertThat(audited)
        .containsExactly("upstream.linked {request=a-request, sub=u_alice, upstream=hub}");
  }

  @Test
  void too_many_accounts_let_the_oldest_go_with_its_tokens() {
    for (int i = 0; i < User.MOST - 1; i++) {
      keepForGood("a" + i);
      confirm("a" + i);
    }
    assertThat(holds("a0")).isTrue();
    keepForGood("last");
    confirm("last");
    assertThat(holds("a0")).isFalse();
    assertThat(holds("a1")).isTrue();
    assertThat(audited)
        .contains("upstream.disconnected {outcome=surplus, sub=u_alice, upstream=hub}");
  }

  @Test
  void the_account_that_the_person_logs_in_by_is_never_the_one() {
    var now = clock.instant();
    var mine =
        new LinkedAccount("company", "alice", now, now.plus(Duration.ofDays(30)), Scopes.NONE);
    done(
        users.change(
            "u_alice", user -> Future.succeededFuture(new Users.Step<>(user.with(mine), true))));
    for (int i = 0; i < User.MOST + 1; i++) {
      link("a" + i);
    }
    assertThat(done(users.find("u_alice")).accounts()).hasSize(User.MOST).contains(mine);
  }

  @Test
  void what_was_granted_besides_is_to_be_named() {
    keep(who("coder"), Optional.empty(), Scopes.parse("repo admin"));
    confirm("coder");
    assertThat(legs("repo").arrived().used()).containsEntry("hub", Scopes.parse("repo admin"));
  }

  private boolean holds(String account) {
    return done(vault.holds(new VaultKey("u_alice", "hub", account)));
  }
}
