package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.oauth.ErrorCode.INVALID_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Authentication.Method;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.Limit;
import dev.keyturn.http.RateLimits;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.ThrottledException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AuthenticationGuardTest {
  private static final String STRANGER = "198.51.100.1";
  private static final String OWN = "203.0.113.1";
  private static final int MOST = 5;
  private static final Client PORTAL =
      client("portal", new Authentication(Method.CLIENT_SECRET_BASIC, List.of("hash"), true));
  private static final Client CLI = client("cli", Authentication.PUBLIC);

  private final SettableClock clock = new SettableClock();
  private final List<String> told = new ArrayList<>();
  private final RateLimits limits =
      new RateLimits(
          clock,
          () -> Map.of(Limit.FAILED_AUTHENTICATIONS, MOST, Limit.TOKEN_PER_CLIENT, MOST),
          (limit, who, first) -> {});
  private final AuthenticationGuard guard =
      new AuthenticationGuard(
          limits.of(Limit.FAILED_AUTHENTICATIONS),
          limits.of(Limit.TOKEN_PER_CLIENT),
          (kind, details) -> told.add(kind.wire() + " " + details.get("client")));
  private int proofs;

  private static Client client(String id, Authentication authentication) {
    return new Client(
        id,
        Client.Kind.PRE_REGISTERED,
        new ClientName(""),
        List.of(),
        Set.of(),
        Optional.empty(),
        List.of(),
        authentication);
  }

  private Future<Client> attempt(String address, Client client, boolean right) {
    return guard.watch(
        address,
        client,
        () -> {
          proofs++;
          return right
              ? Future.succeededFuture(client)
              : Future.failedFuture(INVALID_CLIENT.because("wrong"));
        });
  }

  private void fail(String address, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(failed(attempt(address, PORTAL, false))).isInstanceOf(OAuthException.class);
    }
  }

  @Test
  void whoever_guesses_too_often_is_not_listened_to_any_more() {
    fail(STRANGER, MOST);
    assertThat(failed(attempt(STRANGER, PORTAL, true))).isInstanceOf(ThrottledException.class);
    assertThat(proofs).isEqualTo(MOST);
  }

  @Test
  void the_client_itself_still_is() {
    fail(STRANGER, MOST);
    assertThat(done(attempt(OWN, PORTAL, true))).isEqualTo(PORTAL);
  }

  @Test
  void what_strangers_try_takes_nothing_from_what_the_client_may() {
    for (int i = 0; i < 100; i++) {
      fail("198.51.100." + i, 1);
    }
    for (int i = 0; i < MOST; i++) {
      assertThat(done(attempt(OWN, PORTAL, true))).isEqualTo(PORTAL);
    }
  }

  @Test
  void a_client_that_asks_too_often_must_wait_wherever_it_comes_from() {
    for (int i = 0; i < MOST; i++) {
      done(attempt("203.0.113." + i, PORTAL, true));
    }
    assertThat(failed(attempt("203.0.113.99", PORTAL, true)))
        .isInstanceOf(ThrottledException.class);
    clock.forward(Duration.ofMinutes(1));
    assertThat(done(attempt(OWN, PORTAL, true))).isEqualTo(PORTAL);
  }

  @Test
  void an_address_may_fail_at_one_client_and_be_another() {
    fail(STRANGER, MOST);
    var other =
        client("other", new Authentication(Method.CLIENT_SECRET_BASIC, List.of("hash"), true));
    assertThat(done(attempt(STRANGER, other, true))).isEqualTo(other);
  }

  @Test
  void nothing_is_counted_of_a_client_that_everybody_can_be() {
    for (int i = 0; i < 10 * MOST; i++) {
      done(attempt(OWN, CLI, true));
      failed(attempt(OWN, CLI, false));
    }
    assertThat(done(attempt(OWN, CLI, true))).isEqualTo(CLI);
  }

  @Test
  void each_failure_is_told() {
    fail(STRANGER, 2);
    assertThat(told).containsExactly("client.refused portal", "client.refused portal");
  }

  @Test
  void a_network_of_64_bits_is_one_address() {
    fail("2001:db8::1", MOST);
    assertThat(failed(attempt("2001:db8::2", PORTAL, true))).isInstanceOf(ThrottledException.class);
  }
}
