package dev.keyturn.user;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.ContestedStore;
import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class UsersTest {
  private static final String SUBJECT = "u_alice";
  private static final NamedClient CLIENT = new NamedClient("c1", "Some Editor", true);
  private static final String PLACE = "https://a.example/cb";
  private static final String R1 = "https://mcp.example.com/one";
  private static final String R2 = "https://mcp.example.com/two";
  private static final Map<String, Scopes> USED = Map.of("okta", Scopes.parse("openid repo"));

  private final SettableClock clock = new SettableClock();
  private final ContestedStore store = new ContestedStore(new MemoryStore(clock, 100));
  private final Users users = new Users(store, clock);
  private final Instant start = clock.instant();

  private static Decision decision(String scopes, Instant at, String... resources) {
    return new Decision(CLIENT, PLACE, Scopes.parse(scopes), List.of(resources), USED, at);
  }

  private static ListedSession session(String id, Instant since) {
    return new ListedSession(id, CLIENT, since, since.plus(Duration.ofDays(30)));
  }

  private ListedSession sessionOf(String id, String client) {
    var named = new NamedClient(client, client, true);
    return new ListedSession(id, named, start, start.plus(Duration.ofDays(30)));
  }

  private void change(UnaryOperator<User> step) {
    done(users.change(SUBJECT, user -> step(step.apply(user))));
  }

  private static Future<Users.Step<Optional<String>>> step(User next) {
    return Future.succeededFuture(new Users.Step<>(next, Optional.empty()));
  }

  private Optional<Scopes> approved(String client, String place, Set<String> resources) {
    var about = new Decision.Subject(client, place, resources, USED);
    return done(users.find(SUBJECT)).approved(about, clock.instant());
  }

  @Nested
  class The_document {
    @Test
    void is_read_as_it_was_written() {
      var user =
          User.NOBODY
              .with(decision("a b", start, R1, R2))
              .with(session("s1", start))
              .with(new LinkedAccount("okta", "1", start, start.plusSeconds(60), Scopes.NONE));
      change(nobody -> user);
      assertThat(done(users.find(SUBJECT))).isEqualTo(user);
    }

    @Test
    void lives_as_long_as_the_last_thing_in_it() {
      change(user -> user.with(session("s1", start)));
      assertThat(store.timeToLive()).isEqualTo(Duration.ofDays(30));
      change(user -> user.with(decision("a", start, R1)));
      assertThat(store.timeToLive()).isEqualTo(Decision.LIFE);
    }

    @Test
    void goes_with_the_last_thing_in_it() {
      change(user -> user.with(session("s1", start)));
      change(user -> User.NOBODY);
      assertThat(done(users.find(SUBJECT))).isEqualTo(User.NOBODY);
    }

    @Test
    void forgets_what_has_ended() {
      change(user -> user.with(session("s1", start)).with(decision("a", start, R1)));
      clock.forward(Duration.ofDays(30));
      assertThat(done(users.find(SUBJECT)).sessions()).isEmpty();
      clock.forward(Duration.ofDays(60));
      assertThat(done(users.find(SUBJECT)).decisions()).isEmpty();
    }

    @Test
    void is_changed_on_what_somebody_else_has_written_meanwhile() {
      change(user -> user.with(session("s1", start)));
      store.lose(15);
      change(user -> user.with(session("s2", start)));
      assertThat(done(users.find(SUBJECT)).sessions()).hasSize(2);
    }

    @Test
    void is_not_said_to_be_changed_when_it_was_not_written() {
      change(user -> user.with(session("s1", start)));
      store.lose(16);
      assertThat(
              failed(
                  users.<Optional<String>>change(
                      SUBJECT, user -> step(user.with(session("s2", start))))))
          .isInstanceOf(UnavailableException.class);
    }

    @Test
    void tells_nothing_of_anybody() {
      assertThat(User.NOBODY.with(decision("a", start, R1)).toString())
          .isEqualTo("User[1 decisions, 0 sessions, 0 accounts]");
    }
  }

  @Nested
  class A_list {
    @Test
    void of_sessions_says_which_are_too_many() {
      var all =
          IntStream.rangeClosed(0, User.MOST)
              .mapToObj(i -> session("s" + i, start))
              .reduce(User.NOBODY, User::with, (one, other) -> one);
      assertThat(all.surplus()).containsExactly(session("s0", start));
      assertThat(all.without(all.surplus()).surplus()).isEmpty();
    }

    @Test
    void of_sessions_lets_one_client_end_its_own_only() {
      var others = User.NOBODY.with(sessionOf("other", "quiet"));
      var all =
          IntStream.range(0, User.MOST)
              .mapToObj(i -> sessionOf("s" + i, "busy"))
              .reduce(others, User::with, (one, other) -> one);
      assertThat(all.surplus()).extracting(ListedSession::id).containsExactly("s0");
    }

    @Test
    void of_decisions_forgets_the_oldest() {
      var all =
          IntStream.rangeClosed(0, User.MOST)
              .mapToObj(i -> decision("a", start, "https://r.example/" + i))
              .reduce(User.NOBODY, User::with, (one, other) -> one);
      assertThat(all.decisions()).hasSize(User.MOST);
      assertThat(all.decisions().get(0).resources()).containsExactly("https://r.example/1");
    }

    @Test
    void of_accounts_names_each_once() {
      var later = start.plusSeconds(60);
      var user =
          User.NOBODY
              .with(new LinkedAccount("okta", "1", start, later, Scopes.NONE))
              .with(new LinkedAccount("okta", "1", later, later, Scopes.NONE))
              .with(new LinkedAccount("okta", "2", start, later, Scopes.NONE));
      assertThat(user.accounts()).hasSize(2);
    }
  }

  @Nested
  class What_was_approved {
    @Test
    void is_all_that_was_approved_for_the_same() {
      change(user -> user.with(decision("a", start, R1)).with(decision("b", start, R1)));
      assertThat(approved("c1", PLACE, Set.of(R1))).contains(Scopes.parse("a b"));
      assertThat(done(users.find(SUBJECT)).decisions()).hasSize(1);
    }

    @Test
    void for_several_resources_holds_for_each_of_them() {
      change(user -> user.with(decision("a", start, R1, R2)));
      assertThat(approved("c1", PLACE, Set.of(R2))).contains(Scopes.parse("a"));
    }

    @Test
    void for_one_resource_and_for_another_does_not_hold_for_both() {
      change(user -> user.with(decision("a", start, R1)).with(decision("a", start, R2)));
      assertThat(approved("c1", PLACE, Set.of(R1, R2))).isEmpty();
    }

    @Test
    void is_what_both_decisions_say_that_are_about_a_resource() {
      change(user -> user.with(decision("a", start, R1)).with(decision("b", start, R1, R2)));
      assertThat(approved("c1", PLACE, Set.of(R1))).contains(Scopes.parse("a b"));
      assertThat(approved("c1", PLACE, Set.of(R2))).contains(Scopes.parse("b"));
    }

    @ParameterizedTest
    @CsvSource({
      "c2, https://a.example/cb",
      "c1, https://a.example/other",
      "c1, https://a.example/cb/"
    })
    void for_one_client_at_one_place_does_not_hold_elsewhere(String client, String place) {
      change(user -> user.with(decision("a", start, R1)));
      assertThat(approved(client, place, Set.of(R1))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "okta, openid, true",
      "okta, openid repo, true",
      "okta, openid repo mail, false",
      "entra, openid, false"
    })
    void by_the_tokens_of_one_upstream_does_not_hold_for_others(
        String upstream, String scopes, boolean holds) {
      var used = Map.of(upstream, Scopes.parse(scopes));
      var user = User.NOBODY.with(decision("a", start, R1));
      var about = new Decision.Subject("c1", PLACE, Set.of(R1), used);
      assertThat(user.approved(about, start).isPresent()).isEqualTo(holds);
    }

    @Test
    void holds_for_ninety_days_after_it_was_last_approved() {
      var user =
          User.NOBODY
              .with(decision("a", start, R1))
              .with(decision("b", start.plus(Duration.ofDays(10)), R1));
      var about = new Decision.Subject("c1", PLACE, Set.of(R1), USED);
      assertThat(user.approved(about, start.plus(Duration.ofDays(100)).minusMillis(1)))
          .contains(Scopes.parse("a b"));
      assertThat(user.approved(about, start.plus(Duration.ofDays(100)))).isEmpty();
    }

    @Test
    void of_no_scope_at_all_is_still_an_approval() {
      change(user -> user.with(decision("", start, R1)));
      assertThat(approved("c1", PLACE, Set.of(R1))).contains(Scopes.NONE);
      assertThat(approved("c1", PLACE, Set.of(R2))).isEmpty();
    }

    @Test
    void is_never_more_than_a_set_of_scopes_may_hold() {
      var many = String.join(" ", IntStream.range(0, 100).mapToObj(i -> "x" + i).toList());
      change(user -> user.with(decision(many, start, R1)).with(decision("y", start, R1, R2)));
      assertThat(approved("c1", PLACE, Set.of(R1)).orElseThrow().names()).hasSize(100);
    }

    @Test
    void last_has_a_place_where_there_are_too_many() {
      var many = String.join(" ", IntStream.range(0, 100).mapToObj(i -> "x" + i).toList());
      change(user -> user.with(decision(many, start, R1)).with(decision("y", start, R1)));
      assertThat(approved("c1", PLACE, Set.of(R1)).orElseThrow().contains("y")).isTrue();
    }
  }
}
