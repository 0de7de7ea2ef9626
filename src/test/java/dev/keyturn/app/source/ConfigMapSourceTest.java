package dev.keyturn.app.source;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeApiServer;
import dev.keyturn.given.FakeApiServer.Manner;
import dev.keyturn.given.Futures;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.cluster.Pod;
import dev.keyturn.secrets.Disk;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The store of Vert.x has traps; behind the relay none of them is left. */
@ExtendWith(VertxExtension.class)
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigMapSourceTest {
  private static final String SPELLING = "kubernetes:configmap/mcp/keyturn/config.yaml";
  private static final GivenCertificate CERTIFICATE = GivenCertificate.good();
  private static final Path NAME = Path.of(SPELLING);
  private static final Duration SOON = Patience.LONG;
  private static final Duration OFTEN = Duration.ofMillis(20);

  @TempDir private Path account;
  private final LatestDocument latest = new LatestDocument(NAME, new Disk());
  private Vertx vertx;
  private FakeApiServer server;
  private ConfigMapSource source;

  @BeforeEach
  void start(Vertx vertx) {
    this.vertx = vertx;
    server = FakeApiServer.start(vertx, CERTIFICATE, "127.0.0.1");
    server.hold("config.yaml", "issuer: a\n");
    write("token", "token-1\n");
    write("ca.crt", CERTIFICATE.certificatePem());
    source = source("127.0.0.1", Duration.ofSeconds(10));
  }

  @AfterEach
  void stop() {
    Outcome.of(source.close());
  }

  @Test
  void tells_what_is_under_the_key() {
    assertThat(first()).isEqualTo("issuer: a\n");
  }

  @Test
  void asks_for_the_one_config_map() {
    first();
    assertThat(server.asked).containsExactly("GET /api/v1/namespaces/mcp/configmaps/keyturn");
  }

  @Test
  void reaches_the_right_server_although_the_environment_names_another_one() {
    assertThat(System.getenv("KUBERNETES_SERVICE_HOST")).isEqualTo("192.0.2.1");
    assertThat(first()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0012345678", "true", "1e5", "1,2", "{\"a\":1}", "[1]", "ü\r\n\t\"\\", " x "})
  void text_stays_text(String text) {
    server.hold("config.yaml", text);
    assertThat(first()).isEqualTo(text);
  }

  @Test
  void a_large_configuration_is_read() {
    server.hold("config.yaml", "é".repeat(500_000));
    assertThat(first()).hasSize(500_000);
  }

  @Test
  void the_token_is_shown_to_nobody_whom_the_authorities_do_not_vouch_for() {
    write("ca.crt", GivenCertificate.good().certificatePem());
    fails("no authority of ca.crt vouches for the API server at 127.0.0.1");
    assertThat(server.shown).isEmpty();
  }

  @Test
  void the_token_is_shown_to_nobody_under_another_name() {
    server = FakeApiServer.start(vertx, CERTIFICATE, "127.0.0.2");
    source = source("127.0.0.2", Duration.ofSeconds(10));
    fails("vouches for the API server at 127.0.0.2");
    assertThat(server.shown).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401|the API server does not accept the service account's token (401)",
        "403|the service account may not get configmaps/keyturn in namespace mcp: grant that",
        "404|there is no ConfigMap keyturn in namespace mcp (404)",
        "410|the API server answered 410",
        "302|the API server answered 302",
        "429|the API server answered 429",
        "500|the API server answered 500",
        "204|the API server answered 204"
      })
  void an_error_is_no_configuration(int status, String words) {
    server.status = status;
    fails(words);
  }

  @Test
  void a_redirect_is_not_followed() {
    server.status = 307;
    fails("answered 307");
    assertThat(server.requests).hasValue(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOTHING", "HALF_AND_THEN_NOTHING"})
  void a_server_that_hangs_is_not_waited_for_for_ever(Manner manner) {
    server.manner = manner;
    source = source("127.0.0.1", Duration.ofMillis(500));
    fails("the API server did not answer in time");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"data\":{\"config.yaml\":\"\"}}|the key is empty",
        "{\"data\":{\"config.yaml\":\" \\n\"}}|the key is empty",
        "{\"data\":{\"config.yaml\":7}}|the key holds no text",
        "{\"data\":{\"config.yaml\":{}}}|the key holds no text",
        "{\"data\":{\"config.yml\":\"a\"}}|the ConfigMap has no key config.yaml in data",
        "{\"data\":{\"config.yaml\":null}}|the ConfigMap has no key config.yaml in data",
        "{\"data\":null}|the ConfigMap has no key config.yaml in data",
        "{\"binaryData\":{\"config.yaml\":\"YQ==\"}}|the ConfigMap has no key config.yaml in data",
        "{}|the ConfigMap has no key config.yaml in data",
        "{\"data\":{\"config.yaml\":\"\\ud800\"}}|the key holds no text",
        "''|the API server's answer is no JSON object",
        "{\"data\":{\"config.yaml\":\"issuer|the API server's answer is no JSON object",
        "[]|the API server's answer is no JSON object",
        "null|the API server's answer is no JSON object",
        "<html>|the API server's answer is no JSON object"
      })
  void what_is_not_there_is_no_configuration(String body, String words) {
    server.body = body;
    fails(words);
  }

  @Test
  void half_an_answer_is_no_configuration() {
    server.manner = Manner.HALF_AND_THEN_THE_END;
    fails("the API server gave no answer");
  }

  @Test
  void a_server_that_is_away_is_no_configuration() {
    server.stop();
    fails("the API server cannot be reached");
  }

  @Test
  void what_is_no_TLS_is_no_API_server() {
    var plain =
        Outcome.of(vertx.createNetServer().connectHandler(NetSocket::close).listen(0, "127.0.0.1"));
    source = source("127.0.0.1", plain.actualPort(), Duration.ofSeconds(10));
    fails("the API server");
  }

  @Test
  void a_configuration_is_no_larger_than_a_file_may_be() {
    server.hold("config.yaml", "x".repeat(1024 * 1024 + 1));
    fails("the text under the key is larger than 1 MiB");
  }

  @Test
  void an_endless_answer_is_given_up() {
    server.hold("config.yaml", "x".repeat(5 * 1024 * 1024));
    fails("the API server's answer is too large");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "token|''|holds no token",
        "token|a b|holds no token",
        "token|a~X-Other: b|holds no token",
        "ca.crt|nothing|holds no certificate"
      })
  void a_damaged_account_asks_nobody(String file, String content, String words) {
    write(file, content.replace('~', '\n'));
    fails(words);
    assertThat(server.shown).isEmpty();
  }

  @Test
  void without_a_token_nobody_is_asked() throws IOException {
    Files.delete(account.resolve("token"));
    fails("token cannot be read: is the service account mounted there?");
    assertThat(server.shown).isEmpty();
  }

  @Test
  void a_failure_tells_no_token() {
    server.token = "another";
    assertThat(Futures.failed(source.read()).toString()).doesNotContain("token-1");
  }

  @Test
  void a_change_is_told() {
    follow();
    server.hold("config.yaml", "issuer: b\n");
    await().until(() -> document().equals("issuer: b\n"));
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 410, 500})
  void an_error_is_told_in_place_of_the_text(int status) {
    follow();
    server.status = status;
    await().until(() -> document().startsWith("(cannot be read: "));
    assertThat(document()).contains(String.valueOf(status));
  }

  @Test
  void a_server_that_is_back_is_asked_again() {
    follow();
    server.stop();
    await().until(() -> document().contains("cannot be reached"));
    server = FakeApiServer.start(vertx, CERTIFICATE, "127.0.0.1", server.port());
    server.hold("config.yaml", "issuer: b\n");
    await().until(() -> document().equals("issuer: b\n"));
  }

  @Test
  void a_token_that_is_replaced_is_read_again() {
    follow();
    server.token = "token-2";
    write("token", "token-2");
    server.hold("config.yaml", "issuer: b\n");
    await().until(() -> document().equals("issuer: b\n"));
  }

  @Test
  void authorities_that_are_replaced_are_read_again() {
    write("ca.crt", GivenCertificate.good().certificatePem());
    fails("vouches for");
    write("ca.crt", CERTIFICATE.certificatePem());
    assertThat(first()).isEqualTo("issuer: a\n");
  }

  @Test
  void nobody_is_asked_after_the_end() {
    follow();
    Outcome.of(source.close());
    fails("the server is stopping");
    var asked = server.requests.get();
    source = source("127.0.0.1", Duration.ofSeconds(10));
    for (var i = 1; i <= 5; i++) {
      first();
    }
    assertThat(server.requests).hasValue(asked + 5);
  }

  @Test
  void it_ends_while_a_server_hangs() {
    server.manner = Manner.NOTHING;
    var hanging = source.read();
    await().until(() -> server.requests.get() == 1);
    assertThat(source.close().toCompletionStage()).succeedsWithin(SOON);
    assertThat(Futures.failed(hanging)).isInstanceOf(UnreadableException.class);
  }

  @Test
  void it_ends_while_it_begins() {
    source.read();
    assertThat(source.close().toCompletionStage()).succeedsWithin(SOON);
  }

  @Test
  void it_ends_before_it_has_begun() {
    assertThat(source.close().toCompletionStage()).succeedsWithin(SOON);
  }

  @Test
  void it_ends_twice() {
    first();
    Outcome.of(source.close());
    assertThat(source.close().toCompletionStage()).succeedsWithin(SOON);
  }

  @Test
  void its_threads_end_with_it() {
    first();
    assertThat(storeThreads()).isPositive();
    Outcome.of(source.close());
    await().until(() -> storeThreads() == 0);
  }

  private ConfigMapSource source(String host, Duration patience) {
    return source(host, server.port(), patience);
  }

  private ConfigMapSource source(String host, int port, Duration patience) {
    if (source != null) {
      Outcome.of(source.close());
    }
    return new ConfigMapSource(
        vertx,
        ConfigMapKey.parse(SPELLING),
        new Pod(host, port, account),
        new ConfigMapSource.Pace(OFTEN, patience),
        new SecureRandom());
  }

  private String first() {
    return Outcome.of(source.read());
  }

  private void fails(String words) {
    assertThat(Futures.failed(source.read()))
        .isInstanceOf(UnreadableException.class)
        .hasMessageContaining(words);
  }

  /** Those of the store are daemons, and those of the test's own Vert.x are none. */
  private static long storeThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.isDaemon() && thread.getName().startsWith("vert.x-eventloop"))
        .count();
  }

  private void follow() {
    source.follow(latest);
    await().until(() -> document().equals("issuer: a\n"));
  }

  /** The text, or in brackets why there is none. */
  private String document() {
    try {
      return new String(latest.readDocument(NAME), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "(" + e.getMessage() + ")";
    }
  }

  private void write(String name, String content) {
    try {
      Files.writeString(account.resolve(name), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
