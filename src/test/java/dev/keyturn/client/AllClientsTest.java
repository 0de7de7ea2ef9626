package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
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
}
