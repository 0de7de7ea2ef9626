package dev.keyturn.upstream;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class UpstreamOverBusTest {
  private static final UpstreamStatus READY = new UpstreamStatus("one", true, Optional.empty());
  private static final UpstreamStatus AWAY =
      new UpstreamStatus("one", false, Optional.of("it answers 503"));

  private final Vertx vertx = Vertx.vertx();
  private final UpstreamOverBus upstream = new UpstreamOverBus(vertx, "", "one");
  private final AtomicInteger asked = new AtomicInteger();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  /** The owner is asking its provider for the first time, until it was asked three times. */
  private void ownerThatLearns(UpstreamStatus learnt) {
    done(
        UpstreamAddresses.of("", "one")
            .status()
            .answer(
                vertx,
                name ->
                    Future.succeededFuture(
                        asked.incrementAndGet() < 4 ? UpstreamStatus.untried(name) : learnt))
            .completion());
  }

  @Test
  void who_comes_while_a_provider_is_asked_for_the_first_time_waits_for_it() {
    ownerThatLearns(READY);
    done(upstream.requireReady());
    assertThat(asked).hasValue(4);
  }

  @Test
  void who_waited_is_told_that_the_provider_is_away() {
    ownerThatLearns(AWAY);
    assertThat(failed(upstream.requireReady()))
        .isInstanceOf(UnavailableException.class)
        .hasMessage("upstream one is not ready");
  }

  @Test
  void nobody_waits_for_a_provider_that_is_known_to_be_away() {
    asked.set(3);
    ownerThatLearns(AWAY);
    failed(upstream.requireReady());
    assertThat(asked).hasValue(4);
  }
}
