package dev.keyturn.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.Audit;
import dev.keyturn.client.Authentication.Method;
import dev.keyturn.given.Futures;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.MetadataHost;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.SigningClient;
import dev.keyturn.http.FetchRules;
import dev.keyturn.http.GuardedFetch;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.oauth.UnavailableException;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.SocketAddress;
import java.lang.reflect.Proxy;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
    return replica(size, store, denied);
  }

  private MetadataDocuments replica(int size, KeyValueStore over, String... denied) {
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
        over,
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

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "no JSON"})
  void a_document_that_says_no_more_who_the_client_is_ends_sessions_after_a_day(String text) {
    logIn();
    host.publish(PATH, "application/json", text);
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

  @Test
  void what_is_no_url_is_for_others_to_know_as_it_authenticates() {
    assertThat(Futures.done(replica().findAgain("c1", Method.NONE, SOMEBODY))).isEmpty();
  }

  @Test
  void whoever_asks_from_nowhere_is_told_the_same() {
    assertThat(Futures.done(replica().find(id)).orElseThrow().id()).isEqualTo(id);
  }

  @ParameterizedTest
  @CsvSource({
    "https://client.example, client.example",
    "http://client.example/c.json, client.example",
    "https://client.example/a b, -",
    "https://client.example/%zz, -",
  })
  void a_url_that_no_document_may_have_is_not_fetched(String url, String told) {
    var before = host.requests();
    assertThat(Futures.failed(replica().find(url, SOMEBODY)))
        .isInstanceOf(UnusableDocument.class)
        .hasMessage(told + ": CLIENT_ID");
    assertThat(host.requests()).isEqualTo(before);
  }

  @Test
  void a_url_that_no_document_may_have_has_no_last_good_one() {
    var failure =
        Futures.failed(replica().findAgain("https://client.example", Method.NONE, SOMEBODY));
    assertThat(((UnusableDocument) failure).fault()).isEqualTo("client-id");
  }

  @ParameterizedTest
  @CsvSource({
    "https://client.example/c.json, true",
    "https://client.example, false",
    "c1, false",
  })
  void nobody_is_asked_whether_a_client_is_known(String url, boolean known) {
    assertThat(Futures.done(replica().isKnown(url))).isEqualTo(known);
  }

  @Test
  void a_document_authenticates_by_none_or_by_keys() {
    assertThat(replica().methods()).containsExactlyInAnyOrder(Method.NONE, Method.PRIVATE_KEY_JWT);
  }

  @Test
  void what_is_not_in_memory_is_not_kept() {
    Futures.done(replica().keep(id));
    assertThat(store.size()).isZero();
  }

  private void sign() {
    host.publish(PATH, SigningClient.document(id, "https://client.example/cb"));
  }

  private Method methodAgain(Method method) {
    return Futures.done(replica().findAgain(id, method, SOMEBODY))
        .orElseThrow()
        .authentication()
        .method();
  }

  @Test
  void sessions_go_on_by_the_method_that_the_document_has_lost() {
    logIn();
    sign();
    assertThat(methodAgain(Method.NONE)).isEqualTo(Method.NONE);
  }

  @Test
  void sessions_go_on_by_a_lost_method_for_a_day_only() {
    logIn();
    sign();
    methodAgain(Method.NONE);
    clock.forward(Duration.ofHours(24));
    assertThat(methodAgain(Method.NONE)).isEqualTo(Method.PRIVATE_KEY_JWT);
  }

  @Test
  void sessions_begin_by_the_method_that_the_document_has_now() {
    logIn();
    sign();
    assertThat(methodAgain(Method.PRIVATE_KEY_JWT)).isEqualTo(Method.PRIVATE_KEY_JWT);
  }

  @Test
  void a_method_that_the_document_never_had_is_answered_with_the_document() {
    assertThat(methodAgain(Method.PRIVATE_KEY_JWT)).isEqualTo(Method.NONE);
  }

  @Test
  void an_outage_of_the_store_is_no_fault_of_the_document() {
    var outage = new UnavailableException("the store is away", Duration.ofSeconds(1));
    var away =
        (KeyValueStore)
            Proxy.newProxyInstance(
                KeyValueStore.class.getClassLoader(),
                new Class<?>[] {KeyValueStore.class},
                (proxy, method, arguments) -> Future.failedFuture(outage));
    assertThat(Futures.failed(replica(10, away).findAgain(id, Method.PRIVATE_KEY_JWT, SOMEBODY)))
        .isSameAs(outage);
  }
}
