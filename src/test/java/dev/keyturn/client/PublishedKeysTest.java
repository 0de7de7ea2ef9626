package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import dev.keyturn.given.Futures;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GuardedFetch;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PublishedKeysTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final ECKey KEY = SigningClient.newKey();
  private static final String SOMEBODY = "192.0.2.7";
  private static final String ANYBODY = "198.51.100.1";
  private static final int QUOTA = 5;
  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration BETWEEN = Duration.ofSeconds(30);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static MetadataHost host;

  private final SettableClock clock = new SettableClock();
  private final String path = "/keys-" + PATHS.incrementAndGet() + ".json";
  private final URI url = host.url(path);
  private final PublishedKeys keys = new PublishedKeys(fetch(), USUAL, clock);

  @BeforeAll
  static void start() {
    host = MetadataHost.started("client.example");
  }

  @AfterAll
  static void stop() {
    host.close();
    Futures.done(VERTX.close());
  }

  @BeforeEach
  void publish() {
    publish(KEY);
  }

  private GuardedFetch fetch() {
    var rules =
        new FetchRules(
            List.of(),
            List.of(),
            QUOTA,
            Map.of("client.example", SocketAddress.inetSocketAddress(host.port(), "127.0.0.1")),
            Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
    return new GuardedFetch(VERTX, rules, clock);
  }

  private void publish(ECKey key) {
    host.publish(path, SigningClient.jwks(key));
  }

  private List<JWK> current() {
    return done(keys.current(url, SOMEBODY));
  }

  private Optional<List<JWK>> afresh() {
    return done(keys.afresh(url, SOMEBODY));
  }

  private String fault() {
    return ((UnusableDocument) failed(keys.current(url, SOMEBODY))).fault();
  }

  private static List<JWK> only(ECKey key) {
    return List.of(key.toPublicJWK());
  }

  /** Has one address ask for as much as it may. */
  private void useUp(String address) {
    for (var i = 0; i < QUOTA; i++) {
      failed(keys.current(host.url(path + "/none-" + i), address));
    }
  }

  @Nested
  class Current_ones {
    @Test
    void are_those_that_are_there() {
      assertThat(current()).isEqualTo(only(KEY));
    }

    @Test
    void are_kept_for_the_usual_time() {
      current();
      publish(SigningClient.newKey());
      clock.forward(USUAL.minus(SECOND));
      assertThat(current()).isEqualTo(only(KEY));
    }

    @Test
    void are_fetched_again_after_the_usual_time() {
      current();
      var next = SigningClient.newKey();
      publish(next);
      clock.forward(USUAL);
      assertThat(current()).isEqualTo(only(next));
    }
  }

  @Nested
  class Fresh_ones {
    @Test
    void are_fetched_if_none_are_known() {
      assertThat(afresh()).contains(only(KEY));
    }

    @Test
    void are_not_looked_for_twice_in_half_a_minute() {
      current();
      clock.forward(BETWEEN.minus(SECOND));
      assertThat(afresh()).isEmpty();
    }

    @Test
    void are_looked_for_after_half_a_minute() {
      current();
      var next = SigningClient.newKey();
      publish(next);
      clock.forward(BETWEEN);
      assertThat(afresh()).contains(only(next));
    }

    @Test
    void are_current_from_then_on() {
      current();
      var next = SigningClient.newKey();
      publish(next);
      clock.forward(BETWEEN);
      afresh();
      assertThat(current()).isEqualTo(only(next));
    }
  }

  @Nested
  class While_the_host_is_away {
    @Test
    void there_are_none_if_none_are_known() {
      host.fail(path, 503);
      assertThat(fault()).isEqualTo("status");
    }

    @Test
    void it_is_left_alone_for_a_minute() {
      host.fail(path, 503);
      fault();
      publish();
      clock.forward(MINUTE.minus(SECOND));
      assertThat(fault()).isEqualTo("status");
    }

    @Test
    void it_is_asked_again_after_a_minute() {
      host.fail(path, 503);
      fault();
      publish();
      clock.forward(MINUTE);
      assertThat(current()).isEqualTo(only(KEY));
    }

    @Test
    void the_last_ones_are_good_for_a_day() {
      current();
      host.fail(path, 503);
      clock.forward(DAY.minus(SECOND));
      assertThat(current()).isEqualTo(only(KEY));
    }

    @Test
    void the_last_ones_are_good_no_more_after_a_day() {
      current();
      host.fail(path, 503);
      clock.forward(DAY);
      assertThat(fault()).isEqualTo("status");
    }

    @Test
    void the_day_begins_when_they_were_fetched_and_not_when_they_were_last_good() {
      current();
      host.fail(path, 503);
      clock.forward(DAY.minus(MINUTE));
      current();
      clock.forward(MINUTE);
      assertThat(fault()).isEqualTo("status");
    }

    @Test
    void the_host_is_asked_once_a_minute_while_the_last_ones_are_good() {
      current();
      host.fail(path, 503);
      clock.forward(USUAL);
      current();
      current();
      assertThat(host.requests(path)).isEqualTo(2);
    }
  }

  @Nested
  class Once_the_host_says_otherwise {
    @Test
    void the_last_ones_are_good_no_more_if_they_are_gone() {
      current();
      host.fail(path, 404);
      clock.forward(USUAL);
      assertThat(fault()).isEqualTo("gone");
    }

    @Test
    void the_last_ones_do_not_come_back_when_it_is_away() {
      current();
      host.fail(path, 404);
      clock.forward(USUAL);
      fault();
      host.fail(path, 503);
      clock.forward(MINUTE);
      assertThat(fault()).isEqualTo("status");
    }

    @Test
    void the_last_ones_are_good_no_more_if_there_is_no_set() {
      current();
      host.publish(path, "application/json", "{\"keys\":[]}");
      clock.forward(USUAL);
      assertThat(fault()).isEqualTo("keys");
    }
  }

  @Nested
  class For_whoever_asked_too_much {
    @Test
    void none_are_fetched() {
      useUp(SOMEBODY);
      assertThat(fault()).isEqualTo("quota");
    }

    @Test
    void nothing_is_noted_that_would_keep_others_from_them() {
      useUp(SOMEBODY);
      fault();
      assertThat(done(keys.current(url, ANYBODY))).isEqualTo(only(KEY));
    }

    @Test
    void the_last_ones_are_good_still() {
      current();
      clock.forward(USUAL);
      useUp(SOMEBODY);
      assertThat(current()).isEqualTo(only(KEY));
    }

    @Test
    void the_last_ones_are_not_taken_for_current_by_others() {
      current();
      var next = SigningClient.newKey();
      publish(next);
      clock.forward(USUAL);
      useUp(SOMEBODY);
      current();
      assertThat(done(keys.current(url, ANYBODY))).isEqualTo(only(next));
    }
  }
}
