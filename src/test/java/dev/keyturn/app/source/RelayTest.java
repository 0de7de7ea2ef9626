package dev.keyturn.app.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.junit5.VertxExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class RelayTest {
  private static final String PATH = "/api/v1/namespaces/mcp/configmaps/keyturn";

  private Vertx vertx;
  private int port;
  private volatile Future<String> origin = Future.succeededFuture("text");

  @BeforeEach
  void open(Vertx vertx) {
    this.vertx = vertx;
    var key = new ConfigMapKey("mcp", "keyturn", "config.yaml");
    port = Outcome.of(new Relay(vertx, key, "pass", () -> origin).open());
  }

  @Test
  void hands_over_the_one_key() {
    assertThat(ask(vertx, "127.0.0.1", HttpMethod.GET, PATH, "Bearer pass"))
        .isEqualTo("200 {\"data\":{\"config.yaml\":\"text\"}}");
  }

  @ParameterizedTest
  @CsvSource({"''", "Bearer", "Bearer other", "pass", "Basic pass"})
  void refuses_who_lacks_the_pass(String authorization) {
    assertThat(ask(vertx, "127.0.0.1", HttpMethod.GET, PATH, authorization)).isEqualTo("401 ");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/api/v1/namespaces/mcp/secrets/keyturn",
    "GET,/api/v1/namespaces/mcp/configmaps/other",
    "GET,/api/v1/namespaces/mcp/configmaps/keyturn?watch=true",
    "GET,/api/v1/namespaces/mcp/configmaps/keyturn/",
    "GET,/",
    "POST,/api/v1/namespaces/mcp/configmaps/keyturn",
    "DELETE,/api/v1/namespaces/mcp/configmaps/keyturn"
  })
  void answers_nothing_else(String method, String path) {
    assertThat(ask(vertx, "127.0.0.1", HttpMethod.valueOf(method), path, "Bearer pass"))
        .isEqualTo("404 ");
  }

  @Test
  void a_failure_is_no_configuration() {
    origin = Future.failedFuture("away");
    assertThat(ask(vertx, "127.0.0.1", HttpMethod.GET, PATH, "Bearer pass")).isEqualTo("502 ");
  }

  @ParameterizedTest
  @CsvSource({"192.0.2.1", "127.0.0.9", "2001:db8::1"})
  void is_all_that_the_store_can_reach(String elsewhere) {
    var fenced = Vertx.builder().withTransport(new RelayOnly(port)).build();
    try {
      assertThat(ask(fenced, elsewhere, HttpMethod.GET, "/", "")).isEqualTo("401 ");
    } finally {
      Outcome.of(fenced.close());
    }
  }

  /** Is called where the answer arrives: a test's own thread could be late for its body. */
  private static Future<String> answer(HttpClientResponse answer) {
    return answer.body().map(body -> answer.statusCode() + " " + body);
  }

  private static String ask(
      Vertx from, String host, HttpMethod method, String path, String authorization, int port) {
    var options =
        new RequestOptions()
            .setMethod(method)
            .setHost(host)
            .setPort(port)
            .setURI(path)
            .putHeader("Authorization", authorization);
    var client = from.createHttpClient();
    return Outcome.of(
        client
            .request(options)
            .compose(request -> request.send().compose(RelayTest::answer))
            .eventually(client::close));
  }

  private String ask(
      Vertx from, String host, HttpMethod method, String path, String authorization) {
    return ask(from, host, method, path, authorization, port);
  }
}
