package dev.keyturn.operator.reconcile;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.keyturn.given.Patience;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of an API server that does not do what it is asked to. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConnectionTest {
  private static final Duration LONG = Duration.ofHours(1);

  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger asked = new AtomicInteger();
  private final CountDownLatch silence = new CountDownLatch(1);
  private final HttpClient client = client(new JdkHttpClientFactory().newBuilder());
  private volatile int status = 403;
  private volatile String body = "";
  private final HttpServer server =
      done(vertx.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));

  private static HttpClient client(HttpClient.Builder builder) {
    return builder.build();
  }

  /** One that is asked to be silent has read what it was asked, and says nothing. */
  private void answer(HttpServerRequest request) {
    asked.incrementAndGet();
    if (request.path().equals("/silent")) {
      silence.countDown();
    } else {
      request.response().setStatusCode(status).end(body);
    }
  }

  private Connection connection(Duration left) {
    var url = URI.create("http://127.0.0.1:" + server.actualPort());
    return new Connection(client, url, () -> left);
  }

  @AfterEach
  void stop() {
    client.close();
    done(vertx.close());
  }

  private String said() {
    var url = URI.create("http://127.0.0.1:" + server.actualPort());
    var connection = new Connection(client, url, () -> LONG);
    var refusal =
        catchThrowableOfType(
            ApiException.class,
            () -> connection.send("PATCH", "/one", "application/json", "{}", "apply one"));
    assertThat(refusal.status()).isEqualTo(status);
    return refusal.getMessage();
  }

  private String said(int status, String message) {
    this.status = status;
    this.body = new JsonObject().put("kind", "Status").put("message", message).encode();
    return said();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | the API server does not accept our service account's token: apply one",
        "403 | the API server forbids us to apply one (403): exceeded quota: pods",
        "409 | somebody else was faster (409): apply one",
        "422 | the API server answered 422 to apply one: exceeded quota: pods"
      })
  void each_refusal_has_its_words(int status, String words) {
    assertThat(said(status, "exceeded quota: pods")).isEqualTo(words);
  }

  @Test
  void a_reason_is_cut_and_has_no_control_characters() {
    assertThat(said(403, "a\n\u0000b" + "x".repeat(100_000)))
        .startsWith("the API server forbids us to apply one (403): a bx")
        .endsWith("...")
        .hasSizeLessThan(1_100);
  }

  @Test
  void an_answer_that_is_no_JSON_has_no_reason() {
    body = "<html>";
    assertThat(said()).isEqualTo("the API server forbids us to apply one (403): no reason given");
  }

  @Test
  void a_path_that_the_server_does_not_know_is_of_a_kind_without_definition() {
    status = 404;
    body = "404 page not found";
    assertThat(said())
        .isEqualTo(
            "the API server answered 404 to apply one: is the definition of that kind installed?");
  }

  @Test
  void who_no_longer_leads_asks_nothing() {
    var connection = connection(Duration.ZERO);
    assertThatThrownBy(() -> connection.get("/one", "get one"))
        .hasMessage("another process leads now");
    assertThatThrownBy(() -> connection.send("PATCH", "/one", "application/json", "{}", "apply"))
        .hasMessage("another process leads now");
    assertThatThrownBy(() -> connection.delete("/one", "delete one"))
        .hasMessage("another process leads now");
    assertThat(asked).hasValue(0);
  }

  @Test
  void who_is_stopped_asks_nothing_either() {
    var connection = connection(LONG);
    connection.stop();
    assertThatThrownBy(() -> connection.delete("/one", "delete one"))
        .hasMessage("another process leads now");
    assertThat(asked).hasValue(0);
  }

  @Test
  void what_is_under_way_ends_with_the_lease() throws Exception {
    var connection = connection(LONG);
    var write =
        CompletableFuture.supplyAsync(
            () -> connection.send("PATCH", "/silent", "application/json", "{}", "apply one"));
    assertThat(silence.await(Patience.SECONDS, Patience.UNIT)).isTrue();
    connection.stop();
    assertThat(write)
        .failsWithin(Patience.LONG)
        .withThrowableThat()
        .withMessageContaining("another process leads now");
  }

  @Test
  void no_answer_is_waited_for_longer_than_the_lease_lasts() {
    assertThat(Connection.bounded(Duration.ofMillis(1_234))).isEqualTo(Duration.ofMillis(1_234));
    assertThat(Connection.bounded(LONG)).isEqualTo(Duration.ofSeconds(10));
  }
}
