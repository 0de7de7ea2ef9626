package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AllClientsTest {
  private static final Clients AWAY = id -> Future.failedFuture("the store is away");
  private static final Clients FIRST = new PreRegisteredClients(List.of(client("a", "first")));
  private static final Clients SECOND =
      new PreRegisteredClients(List.of(client("a", "second"), client("b", "second")));

  private static Client client(String id, String name) {
    return new Client(
        id,
        Client.Kind.PRE_REGISTERED,
        new ClientName(name),
        List.of(),
        Set.of(),
        Optional.empty(),
        List.of());
  }

  @Test
  void the_first_kind_wins() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).find("a")).orElseThrow().name().plain())
        .isEqualTo("first");
  }

  @Test
  void the_next_kind_is_asked_for_what_the_first_does_not_know() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).find("b")).orElseThrow().name().plain())
        .isEqualTo("second");
  }

  @Test
  void nobody_is_found_if_no_kind_knows() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).find("c"))).isEmpty();
  }

  @Test
  void a_client_of_the_configuration_does_not_depend_on_the_store() {
    assertThat(done(new AllClients(List.of(FIRST, AWAY)).find("a"))).isPresent();
  }

  @Test
  void every_kind_is_told_of_a_use() {
    var told = new ArrayList<String>();
    Clients listening =
        new Clients() {
          @Override
          public Future<Optional<Client>> find(String id) {
            return Future.succeededFuture(Optional.empty());
          }

          @Override
          public Future<Void> keep(String id) {
            told.add(id);
            return Future.succeededFuture();
          }
        };
    done(new AllClients(List.of(FIRST, listening)).keep("a"));
    assertThat(told).containsExactly("a");
  }

  @Test
  void a_client_of_the_first_kind_is_known_without_the_store() {
    assertThat(done(new AllClients(List.of(FIRST, AWAY)).isKnown("a"))).isTrue();
  }

  @Test
  void a_client_of_a_later_kind_is_known() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).isKnown("b"))).isTrue();
  }

  @Test
  void nobody_is_known_if_no_kind_knows() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).isKnown("c"))).isFalse();
  }

  @Test
  void nobody_is_known_or_not_while_the_store_is_away() {
    assertThat(failed(new AllClients(List.of(FIRST, AWAY)).isKnown("b")))
        .hasMessage("the store is away");
  }

  @Test
  void the_next_kind_is_asked_for_a_session_too() {
    var clients = new AllClients(List.of(FIRST, SECOND));
    assertThat(done(clients.findAgain("b", Authentication.Method.NONE, "192.0.2.7"))).isPresent();
  }

  @Test
  void the_next_kind_is_asked_on_behalf_of_an_address_too() {
    assertThat(done(new AllClients(List.of(FIRST, SECOND)).find("b", "192.0.2.7"))).isPresent();
  }

  @Test
  void the_methods_are_those_of_every_kind() {
    Clients signing =
        new Clients() {
          @Override
          public Future<Optional<Client>> find(String id) {
            return Future.succeededFuture(Optional.empty());
          }

          @Override
          public Set<Authentication.Method> methods() {
            return Set.of(Authentication.Method.PRIVATE_KEY_JWT);
          }
        };
    assertThat(new AllClients(List.of(FIRST, signing)).methods())
        .containsExactlyInAnyOrder(
            Authentication.Method.NONE, Authentication.Method.PRIVATE_KEY_JWT);
  }
}
