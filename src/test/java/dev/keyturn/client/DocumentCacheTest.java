package dev.keyturn.client;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Futures;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GuardedFetch;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class DocumentCacheTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final AtomicInteger PATHS = new AtomicInteger();
  private static final String SOMEBODY = "192.0.2.7";
  private static final String ANYBODY = "198.51.100.1";
  private static final int QUOTA = 5;
  private static final Duration USUAL = Duration.ofMinutes(5);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static MetadataHost host;

  private final SettableClock clock = new SettableClock();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final String path = "/cached-" + PATHS.incrementAndGet() + ".json";
  private final String url = host.url(path).toString();
  private final DocumentCache cache = cache();

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
    publish(url);
  }

  private void publish(String clientId) {
    host.publish(path, McpClient.document(clientId, "https://client.example/cb"));
  }

  private DocumentCache cache() {
    var rules =
        new FetchRules(
            List.of(),
            List.of(),
            QUOTA,
            Map.of("client.example", SocketAddress.inetSocketAddress(host.port(), "127.0.0.1")),
            Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
    return new DocumentCache(
        new GuardedFetch(VERTX, rules, clock),
        new DocumentsConfig(true, 100, USUAL, rules),
        Set.of(),
        (kind, details) ->
            told.add(kind.wire() + " " + details.get("host") + " " + details.get("because")),
        clock);
  }

  private ClientDocument document() {
    return done(cache.get(url, SOMEBODY));
  }

  private String fault() {
    return ((UnusableDocument) failed(cache.get(url, SOMEBODY))).fault();
  }

  /** Has somebody ask for as much as it may. */
  private void useUp() {
    for (var i = 0; i < QUOTA; i++) {
      failed(cache.get(url + "/none-" + i, SOMEBODY));
    }
    told.clear();
  }

  @Nested
  class A_document {
    @Test
    void is_the_one_that_is_there() {
      assertThat(document().id()).isEqualTo(url);
    }

    @Test
    void is_fetched_once_in_the_usual_time() {
      document();
      clock.forward(USUAL.minus(SECOND));
      document();
      assertThat(host.requests(path)).isEqualTo(1);
    }

    @Test
    void is_fetched_again_after_the_usual_time() {
      document();
      clock.forward(USUAL);
      document();
      assertThat(host.requests(path)).isEqualTo(2);
    }

    @Test
    void is_not_known_before_it_is_fetched() {
      assertThat(cache.known(url)).isEmpty();
    }

    @Test
    void is_known_for_the_usual_time() {
      var document = document();
      clock.forward(USUAL.minus(SECOND));
      assertThat(cache.known(url)).contains(document);
    }

    @Test
    void is_not_known_any_more_then() {
      document();
      clock.forward(USUAL);
      assertThat(cache.known(url)).isEmpty();
    }
  }

  @Nested
  class What_failed {
    @BeforeEach
    void failToAnswer() {
      host.fail(path, 404);
    }

    @Test
    void is_told() {
      fault();
      assertThat(told).containsExactly("document.refused client.example gone");
    }

    @Test
    void is_not_tried_again_for_a_minute() {
      fault();
      publish();
      clock.forward(MINUTE.minus(SECOND));
      assertThat(fault()).isEqualTo("gone");
    }

    @Test
    void is_tried_again_after_a_minute() {
      fault();
      publish();
      clock.forward(MINUTE);
      assertThat(document().id()).isEqualTo(url);
    }

    @Test
    void is_told_once_in_a_minute() {
      fault();
      fault();
      assertThat(told).hasSize(1);
    }

    @Test
    void is_told_again_after_a_minute() {
      fault();
      clock.forward(MINUTE);
      fault();
      assertThat(told).hasSize(2);
    }

    @Test
    void is_told_once_for_all_who_waited_for_it() {
      var both = Promise.<List<Throwable>>promise();
      VERTX.runOnContext(
          here -> {
            var first = cache.get(url, SOMEBODY);
            var second = cache.get(url, ANYBODY);
            Future.join(first, second)
                .onComplete(ended -> both.complete(List.of(first.cause(), second.cause())));
          });
      assertThat(done(both.future())).hasSize(2).hasOnlyElementsOfType(UnusableDocument.class);
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void a_document_of_another_client_is_told_as_what_it_is() {
    publish(url + "x");
    fault();
    assertThat(told).containsExactly("document.refused client.example other-client");
  }

  @Nested
  class Whoever_asked_too_much {
    @BeforeEach
    void askTooMuch() {
      useUp();
    }

    @Test
    void is_given_no_document() {
      assertThat(fault()).isEqualTo("quota");
    }

    @Test
    void keeps_nobody_else_from_it() {
      fault();
      assertThat(done(cache.get(url, ANYBODY)).id()).isEqualTo(url);
    }

    @Test
    void is_no_fault_of_the_document_that_would_be_told() {
      fault();
      assertThat(told).isEmpty();
    }
  }
}
