package dev.keyturn.authorize;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.OAuthException;
import dev.keyturn.store.MemoryStore;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AddressQuotaTest {
  private static final int MOST = 6000;

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 100);
  private final AddressQuota quota = AddressQuota.ofLogins(store);

  private void admit(int times, String address) {
    for (int i = 0; i < times; i++) {
      done(quota.admit(address));
    }
  }

  @Test
  void an_address_that_begins_too_many_logins_is_told_to_wait() {
    admit(MOST, "192.0.2.1");
    assertThat(failed(quota.admit("192.0.2.1")))
        .isInstanceOfSatisfying(
            OAuthException.class, e -> assertThat(e.error().status()).isEqualTo(429));
  }

  @Test
  void another_address_is_not() {
    admit(MOST, "192.0.2.1");
    admit(1, "192.0.2.2");
  }

  @Test
  void a_network_of_64_bits_is_one_address() {
    admit(MOST, "2001:db8::1");
    assertThat(failed(quota.admit("2001:db8::2"))).isInstanceOf(OAuthException.class);
  }

  @Test
  void pushed_requests_are_counted_for_themselves() {
    admit(MOST, "192.0.2.1");
    var pushes = AddressQuota.ofPushes(store);
    for (int i = 0; i < MOST; i++) {
      done(pushes.admit("192.0.2.1"));
    }
    assertThat(failed(pushes.admit("192.0.2.1"))).hasMessageContaining("pushed");
  }

  @Test
  void ten_minutes_later_it_may_again() {
    admit(MOST, "192.0.2.1");
    clock.forward(Duration.ofMinutes(10));
    admit(1, "192.0.2.1");
  }
}
