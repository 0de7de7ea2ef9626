package dev.keyturn.logout;

import static dev.keyturn.given.GivenSessions.CLIENT;
import static dev.keyturn.given.GivenSessions.ISSUER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication;
import dev.keyturn.client.Client;
import dev.keyturn.client.ClientName;
import dev.keyturn.client.LogoutUris;
import dev.keyturn.given.GivenSessions;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.FetchFailure;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.Lifespans;
import dev.keyturn.token.Session;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** OpenID Connect Back-Channel Logout, section 2.5. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientNoticesTest {
  private static final URI TO = URI.create("https://told.example/told");

  private final SettableClock clock = new SettableClock();
  private final GivenSessions given =
      new GivenSessions(new MemoryStore(clock, 100), clock, Lifespans.DEFAULT);
  private final List<String> sent = new ArrayList<>();
  private final List<Promise<Void>> pauses = new ArrayList<>();
  private Function<URI, Future<Integer>> answer = to -> Future.succeededFuture(200);
  private Optional<Client> client = Optional.of(client(Optional.of(TO)));
  private final ClientNotices notices =
      new ClientNotices(
          ISSUER,
          given.signatures,
          new ClientNotices.Means(
              id -> Future.succeededFuture(client.filter(known -> known.id().equals(id))),
              (who, to, form) -> {
                sent.add(form.toString());
                return answer.apply(to);
              },
              time -> {
                var over = Promise.<Void>promise();
                pauses.add(over);
                return over.future();
              },
              given.audit,
              given.random,
              clock));

  private static Client client(Optional<URI> backchannel) {
    return client(CLIENT, backchannel);
  }

  private static Client client(String id, Optional<URI> backchannel) {
    return new Client(
        id,
        Client.Kind.REGISTERED,
        new ClientName(""),
        List.of(),
        Set.of("authorization_code"),
        Optional.empty(),
        List.of(),
        Authentication.PUBLIC,
        new LogoutUris(List.of(), backchannel));
  }

  private void end(String scopes) {
    end(CLIENT, scopes);
  }

  private void end(String clientId, String scopes) {
    var whole = given.authorization(scopes);
    var authorization =
        new Authorization(
            whole.sessionId(),
            clientId,
            whole.subject(),
            whole.scopes(),
            whole.resources(),
            whole.accounts(),
            whole.person());
    notices.tell(
        new Session(
            authorization, clock.instant().plus(Duration.ofDays(1)), Optional.empty(), false));
  }

  @Test
  void a_client_is_told_once() {
    end("openid");
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0)).startsWith("logout_token=ey");
    assertThat(given.told).containsExactly("client.told told");
  }

  @Test
  void the_token_ends_after_two_minutes() {
    end("openid");
    var claims = GivenSessions.claims(sent.get(0).substring("logout_token=".length()));
    assertThat(claims.getExpirationTime().toInstant())
        .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(120));
    assertThat(claims.getSubject()).isEqualTo("alice");
  }

  @Test
  void a_client_that_was_given_no_id_token_is_told_nothing() {
    end("mcp:read");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_client_that_has_named_no_address_is_told_nothing() {
    client = Optional.of(client(Optional.empty()));
    end("openid");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_client_that_is_gone_is_told_nothing() {
    client = Optional.empty();
    end("openid");
    assertThat(sent).isEmpty();
  }

  @Test
  void a_client_that_refuses_the_token_is_not_asked_again() {
    answer = to -> Future.succeededFuture(400);
    end("openid");
    assertThat(pauses).isEmpty();
    assertThat(given.told).containsExactly("client.told refused");
  }

  @Test
  void a_client_in_trouble_is_told_again_and_then_no_more() {
    answer = to -> Future.succeededFuture(503);
    end("openid");
    pauses.get(0).complete();
    pauses.get(1).complete();
    assertThat(sent).hasSize(3);
    assertThat(pauses).hasSize(2);
    assertThat(given.told).containsExactly("client.told failed");
  }

  @Test
  void a_client_that_cannot_be_reached_is_told_when_it_is_back() {
    answer = to -> Future.failedFuture("away");
    end("openid");
    answer = to -> Future.succeededFuture(204);
    pauses.get(0).complete();
    assertThat(given.told).containsExactly("client.told told");
  }

  @Test
  void no_more_than_so_many_wait_at_once() {
    answer = to -> Promise.<Integer>promise().future();
    for (int i = 0; i < 257; i++) {
      client = Optional.of(client("client-" + i / 16, Optional.of(TO)));
      end("client-" + i / 16, "openid");
    }
    assertThat(sent).hasSize(256);
    assertThat(given.told).containsExactly("client.told dropped");
  }

  @Test
  void a_client_that_is_silent_does_not_keep_others_from_being_told() {
    answer = to -> Promise.<Integer>promise().future();
    for (int i = 0; i < 256; i++) {
      end("openid");
    }
    answer = to -> Future.succeededFuture(200);
    client = Optional.of(client("other", Optional.of(TO)));
    end("other", "openid");
    assertThat(sent).hasSize(17);
    assertThat(given.told).endsWith("client.told dropped", "client.told told");
  }

  @Test
  void a_client_that_has_answered_is_told_of_the_next() {
    for (int i = 0; i < 300; i++) {
      end("openid");
    }
    assertThat(sent).hasSize(300);
  }

  @ParameterizedTest
  @EnumSource(names = {"BUSY", "QUOTA"})
  void what_we_would_not_send_ourselves_is_dropped_without_waiting(FetchFailure.Reason reason) {
    answer = to -> Future.failedFuture(new FetchFailure(to, reason));
    end("openid");
    assertThat(pauses).isEmpty();
    assertThat(given.told).containsExactly("client.told dropped");
  }

  @Test
  void what_could_not_be_sent_for_another_reason_is_sent_again() {
    answer = to -> Future.failedFuture(new FetchFailure(to, FetchFailure.Reason.TIMEOUT));
    end("openid");
    assertThat(pauses).hasSize(1);
  }
}
