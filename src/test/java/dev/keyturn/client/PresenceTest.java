package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.SettableClock;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PresenceTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final SettableClock clock = new SettableClock();
  private final AtomicInteger asked = new AtomicInteger();
  private Future<Boolean> answer = Future.succeededFuture(true);
  private final Presence presence = new Presence(() -> new Answering(), clock);

  private final class Answering implements Clients {
    @Override
    public Future<Optional<Client>> find(String id) {
      throw new AssertionError("a client is not fetched to know whether it is there");
    }

    @Override
    public Future<Boolean> isKnown(String id) {
      asked.incrementAndGet();
      return answer;
    }
  }

  @Test
  void a_client_that_is_there_is_known() {
    assertThat(done(presence.isKnown("c"))).isTrue();
  }

  @Test
  void a_client_is_looked_up_every_two_seconds() {
    done(presence.isKnown("c"));
    clock.forward(Duration.ofSeconds(2).minus(MILLI));
    done(presence.isKnown("c"));
    assertThat(asked).hasValue(1);
    clock.forward(MILLI);
    done(presence.isKnown("c"));
    assertThat(asked).hasValue(2);
  }

  @Test
  void a_client_that_went_is_known_no_more_two_seconds_later() {
    done(presence.isKnown("c"));
    answer = Future.succeededFuture(false);
    clock.forward(Duration.ofSeconds(2));
    assertThat(done(presence.isKnown("c"))).isFalse();
  }

  @Test
  void one_client_is_not_another() {
    done(presence.isKnown("c"));
    answer = Future.succeededFuture(false);
    assertThat(done(presence.isKnown("d"))).isFalse();
  }

  @Test
  void the_last_answer_holds_for_a_quarter_of_an_hour_while_the_store_is_away() {
    done(presence.isKnown("c"));
    answer = Future.failedFuture("away");
    clock.forward(Duration.ofMinutes(15).minus(MILLI));
    assertThat(done(presence.isKnown("c"))).isTrue();
    clock.forward(MILLI);
    assertThat(failed(presence.isKnown("c"))).isInstanceOf(UnavailableException.class);
  }

  @Test
  void nobody_is_let_in_on_no_answer_at_all() {
    answer = Future.failedFuture("away");
    assertThat(failed(presence.isKnown("c"))).isInstanceOf(UnavailableException.class);
  }
}
