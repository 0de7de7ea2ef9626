package dev.keyturn.registration;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.http.Network;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RegistrationQuotaTest {
  private static final Duration DAY = Duration.ofHours(24);
  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1000);
  private final RegistrationQuota quota =
      new RegistrationQuota(
          store,
          new RegistrationConfig(
              true,
              Optional.empty(),
              DAY,
              100,
              Scopes.NONE,
              Set.of("cursor"),
              ConfidentialRegistration.NONE));

  private void admit(int times, String address) {
    for (int i = 0; i < times; i++) {
      done(quota.admit(address));
    }
  }

  private void refuses(String address) {
    assertThat(failed(quota.admit(address)))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.error().status()).isEqualTo(429));
  }

  @Test
  void an_address_has_sixty_an_hour() {
    admit(60, "192.0.2.1");
    refuses("192.0.2.1");
  }

  @Test
  void another_address_has_its_own() {
    admit(60, "192.0.2.1");
    admit(1, "192.0.2.2");
  }

  @Test
  void the_next_hour_is_a_new_one() {
    admit(60, "192.0.2.1");
    clock.forward(Duration.ofHours(1));
    admit(1, "192.0.2.1");
  }

  @Test
  void a_network_of_64_bits_is_one_address() {
    admit(30, "2001:db8:0:1::1");
    admit(30, "2001:db8:0:1:ffff::2");
    refuses("2001:db8:0:1::3");
  }

  @Test
  void all_together_have_a_sum() {
    admit(60, "192.0.2.1");
    admit(40, "192.0.2.2");
    refuses("192.0.2.3");
  }

  @Test
  void the_sum_starts_anew_with_its_window() {
    admit(60, "192.0.2.1");
    admit(40, "192.0.2.2");
    clock.forward(DAY);
    admit(1, "192.0.2.3");
  }

  @Test
  void who_is_refused_for_its_address_uses_nothing_of_the_sum() {
    admit(60, "192.0.2.1");
    for (int i = 0; i < 60; i++) {
      refuses("192.0.2.1");
    }
    admit(40, "192.0.2.2");
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "2001:db8:1:2:3:4:5:6, 20010db800010002",
    "fe80::1%eth0, fe80000000000000",
    "::1, 0000000000000000",
    "unknown, unknown",
    "no:literal, no:literal",
  })
  void names_the_network_of_an_address(String address, String network) {
    assertThat(Network.of(address)).isEqualTo(network);
  }
}
