package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.given.Futures;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.SettableClock;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Clients by document as several replicas see them, which share a store and no memory. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class MetadataDocumentsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String SOMEBODY = "192.0.2.7";
  private static final String PATH = "/c.json";
  private static MetadataHost host;

  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 1_000);
  private final String id = host.url(PATH).toString();

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
    publish(PATH);
  }

  private static void publish(String path) {
    var document = McpClient.document(host.url(path).toString(), "https://client.example/cb");
    host.publish(path, document);
  }

  private MetadataDocuments replica(String... denied) {
    return replica(10, denied);
  }

  private MetadataDocuments replica(int size, String... denied) {
    var rules =
        new FetchRules(
            List.of(),
            List.of(denied),
            1_000,
            Map.of("client.example", SocketAddress.inetSocketAddress(host.port(), "127.0.0.1")),
            Optional.of(Buffer.buffer(MetadataHost.authorityPem())));
    var config = new DocumentsConfig(true, size, Duration.ofMinutes(5), rules);
    var fetch = new GuardedFetch(VERTX, rules, clock);
    return new MetadataDocuments(
        new DocumentCache(fetch, config, Set.of(), Audit.NONE, clock),
        store,
        clock,
        Duration.ofDays(30),
        Scopes.NONE);
  }

  private void logIn() {
    var first = replica();
    Futures.done(first.find(id, SOMEBODY));
    Futures.done(first.keep(id));
  }

  @Test
  void a_replica_that_never_saw_the_document_goes_on_with_the_last_good_one() {
    logIn();
    host.fail(PATH, 500);
    assertThat(Futures.done(replica().findAgain(id, Method.NONE, SOMEBODY))).isPresent();
  }

  @Test
  void no_login_begins_with_the_last_good_one() {
    logIn();
    host.fail(PATH, 500);
    assertThat(Futures.failed(replica().find(id, SOMEBODY))).isInstanceOf(UnusableDocument.class);
  }

  @Test
  void a_document_that_nobody_logged_in_with_is_not_kept() {
    Futures.done(replica().find(id, SOMEBODY));
    host.fail(PATH, 500);
    assertThat(Futures.failed(replica().findAgain(id, Method.NONE, SOMEBODY)))
        .isInstanceOf(UnusableDocument.class);
  }

  @Test
  void the_last_good_one_lets_in_by_its_own_method_only() {
    logIn();
    host.fail(PATH, 500);
    assertThat(Futures.failed(replica().findAgain(id, Method.PRIVATE_KEY_JWT, SOMEBODY)))
        .isInstanceOf(UnusableDocument.class);
  }

  @Test
  void replicas_agree_since_when_a_document_is_gone() {
    logIn();
    host.fail(PATH, 404);
    assertThat(Futures.done(replica().findAgain(id, Method.NONE, SOMEBODY))).isPresent();
    clock.forward(Duration.ofHours(24));
    assertThat(Futures.failed(replica().findAgain(id, Method.NONE, SOMEBODY)))
        .isInstanceOf(UnusableDocument.class);
  }

  @Test
  void a_host_that_is_denied_has_no_sessions_any_more() {
    logIn();
    var failure = Futures.failed(replica("client.example").findAgain(id, Method.NONE, SOMEBODY));
    assertThat(((UnusableDocument) failure).fault()).isEqualTo("denied");
  }

  @Test
  void many_documents_drive_each_other_out_of_memory() {
    var small = replica(2);
    var ids = IntStream.range(0, 8).mapToObj(i -> "/many-" + i + ".json").toList();
    ids.forEach(MetadataDocumentsTest::publish);
    var before = host.requests();
    for (var round = 0; round < 2; round++) {
      ids.forEach(path -> Futures.done(small.find(host.url(path).toString(), SOMEBODY)));
    }
    assertThat(host.requests() - before).isGreaterThanOrEqualTo(8 + 6);
  }

  @Test
  void what_is_no_url_is_for_others_to_know() {
    assertThat(Futures.done(replica().find("c1", SOMEBODY))).isEmpty();
  }
}
