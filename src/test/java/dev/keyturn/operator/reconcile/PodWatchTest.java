package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** What is asked of pods, and how little those can do about it that are not ours. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class PodWatchTest {
  private static final PodSeen OURS = pod("ours", "localhost");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger ended = new AtomicInteger();
  private final HttpServer server =
      done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  /** Under its other name it never comes to an end. */
  private void answer(HttpServerRequest request) {
    if (request.authority().host().equals("localhost")) {
      request.response().end(new JsonObject().put("fingerprint", "f1").encode());
    } else {
      var response = request.response().setChunked(true);
      var drip = vertx.setPeriodic(100, any -> response.write(" "));
      request
          .connection()
          .closeHandler(
              any -> {
                vertx.cancelTimer(drip);
                ended.incrementAndGet();
              });
    }
  }

  private PodWatch watch(Supplier<List<PodSeen>> pods) {
    return new PodWatch(vertx, server.actualPort(), pods, any -> {});
  }

  private static PodSeen pod(String name, String address) {
    return new PodSeen("default", name, "keyturn-a", address, true);
  }

  @Test
  void one_that_answers_has_told() {
    try (var watch = watch(() -> List.of(OURS))) {
      await().until(() -> watch.loaded(OURS), Optional::isPresent);
    }
  }

  @Test
  void one_that_drips_is_not_listened_to_for_ever() {
    try (var watch = watch(() -> List.of(pod("drips", "127.0.0.1")))) {
      await().until(() -> ended.get() > 0);
      assertThat(watch.loaded(pod("drips", "127.0.0.1"))).isEmpty();
    }
  }

  @Test
  void no_number_of_new_ones_keeps_one_from_being_asked() {
    var count = new AtomicInteger();
    Supplier<List<PodSeen>> pods =
        () -> {
          var all = new ArrayList<PodSeen>();
          for (int i = 0; i < 100; i++) {
            all.add(pod("new-" + count.incrementAndGet(), "127.0.0.1"));
          }
          all.add(OURS);
          return all;
        };
    try (var watch = watch(pods)) {
      await().until(() -> watch.loaded(OURS), Optional::isPresent);
    }
  }
}
