package dev.keyturn.operator.cluster;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeKubernetes;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Patience;
import dev.keyturn.operator.api.ExternalAuthConfig;
import dev.keyturn.operator.api.Resources;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ClusterTest {
  private static final Requester ALICE =
      new Requester(
          "alice",
          "u-1",
          List.of("dev", "system:authenticated"),
          Map.of("example.com/team", List.of("a", "b")));

  @TempDir private Path account;

  private final Vertx vertx = Vertx.vertx();
  private final GivenCertificate certificate = GivenCertificate.good();
  private final FakeKubernetes kubernetes = FakeKubernetes.start(vertx, certificate);

  @BeforeEach
  void mount() {
    FakeKubernetes.account(account, FakeKubernetes.TOKEN, certificate);
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private ApiServer server(String host) {
    return new ApiServer(vertx, new Pod(host, kubernetes.port(), account));
  }

  private <T> Future<T> ask(Function<Cluster, Future<T>> question) {
    return ask("127.0.0.1", Patience.LONG, question);
  }

  private <T> Future<T> ask(String host, Duration patience, Function<Cluster, Future<T>> question) {
    return server(host)
        .work(patience, calls -> question.apply(new Cluster(calls, new Resources())));
  }

  private Optional<Map<String, byte[]>> secret() {
    return done(ask(cluster -> cluster.secret("ns", "keys")));
  }

  private List<ExternalAuthConfig> configs() {
    return done(ask(cluster -> cluster.configs("ns")));
  }

  private boolean mayGet() {
    return done(ask(cluster -> cluster.mayGetSecret(ALICE, "ns", "keys")));
  }

  private void says(String message) {
    assertThat(failed(ask(cluster -> cluster.secret("ns", "keys"))))
        .isInstanceOf(ClusterException.class)
        .hasMessage(message);
  }

  private static JsonObject config(String name) {
    return new JsonObject()
        .put("metadata", new JsonObject().put("name", name))
        .put("spec", new JsonObject().put("type", "unauthenticated"));
  }

  @Test
  void a_secret_is_got_with_its_bytes() {
    kubernetes.secret("ns", "keys", "hmac", "0012345678\n");
    var secret = secret().orElseThrow();
    assertThat(secret.get("hmac")).asString().isEqualTo("0012345678\n");
  }

  @Test
  void a_secret_that_is_not_there_is_no_failure() {
    assertThat(secret()).isEmpty();
  }

  @Test
  void a_secret_of_another_namespace_is_not_there() {
    kubernetes.secret("other", "keys", "hmac", "x");
    assertThat(secret()).isEmpty();
  }

  @Test
  void a_config_map_is_got_with_its_texts() {
    kubernetes.put(
        "ns", "configmaps", "ca", new JsonObject().put("data", new JsonObject().put("a", "b")));
    Optional<Map<String, String>> found = done(ask(cluster -> cluster.configMap("ns", "ca")));
    assertThat(found).contains(Map.of("a", "b"));
  }

  @Test
  void the_configs_of_a_namespace_are_listed() {
    kubernetes.put("ns", "mcpexternalauthconfigs", "one", config("one"));
    kubernetes.put("other", "mcpexternalauthconfigs", "two", config("two"));
    assertThat(configs()).extracting(config -> config.metadata().name()).containsExactly("one");
  }

  @Test
  void a_config_that_we_do_not_understand_hides_no_other() {
    kubernetes.put("ns", "mcpexternalauthconfigs", "one", config("one"));
    kubernetes.put(
        "ns", "mcpexternalauthconfigs", "new", config("new").put("tomorrow", new JsonArray()));
    assertThat(configs()).hasSize(1);
  }

  @Test
  void whoever_asked_is_whom_an_access_review_is_about() {
    mayGet();
    assertThat(kubernetes.reviews)
        .containsExactly(
            new JsonObject()
                .put("user", "alice")
                .put("uid", "u-1")
                .put("groups", new JsonArray().add("dev").add("system:authenticated"))
                .put(
                    "extra",
                    new JsonObject().put("example.com/team", new JsonArray().add("a").add("b")))
                .put(
                    "resourceAttributes",
                    new JsonObject()
                        .put("verb", "get")
                        .put("group", "")
                        .put("version", "v1")
                        .put("resource", "secrets")
                        .put("namespace", "ns")
                        .put("name", "keys")));
  }

  @Test
  void an_access_review_tells_who_may() {
    assertThat(mayGet()).isTrue();
  }

  @Test
  void an_access_review_tells_who_may_not() {
    kubernetes.hidden.add("keys");
    assertThat(mayGet()).isFalse();
  }

  @Test
  void an_access_review_without_an_answer_is_a_no() {
    kubernetes.instead = Buffer.buffer("{\"status\": {}}");
    assertThat(mayGet()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "../configmaps/x", "a/b", "a?b", "a%2Fb", "A", "-a", "a..b", ".", "a\nb"})
  void what_is_no_name_never_becomes_a_path(String name) {
    assertThat(failed(ask(cluster -> cluster.secret("ns", name))))
        .hasMessage("nothing in a cluster can have the name that was given");
    assertThat(failed(ask(cluster -> cluster.servers(name))))
        .hasMessage("nothing in a cluster can have the name that was given");
    assertThat(kubernetes.calls).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          401 | the API server does not accept our service account's token (401)
          403 | our service account may not get Secret keys in namespace ns: grant that (403)
          302 | the API server answered 302
          429 | the API server answered 429
          500 | the API server answered 500
          """)
  void a_status_is_told_in_words(int status, String words) {
    kubernetes.statuses.put("/secrets/", status);
    says(words);
  }

  @Test
  void a_kind_that_is_not_there_asks_for_the_CRDs() {
    kubernetes.statuses.put("/mcpservers", 404);
    assertThat(failed(ask(cluster -> cluster.servers("ns"))))
        .hasMessage("the API server does not know mcpservers: apply the CRDs (404)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no json", "[]", "\"s3cret", "1"})
  void an_answer_that_is_no_object_is_not_quoted(String answer) {
    kubernetes.instead = Buffer.buffer(answer);
    says("the API server's answer is no JSON object");
  }

  @Test
  void an_answer_that_is_too_large_is_not_read() {
    kubernetes.instead = Buffer.buffer(new byte[8 * 1024 * 1024 + 1]);
    says("the API server's answer is too large");
  }

  @Test
  void a_secret_that_is_not_base64_is_not_quoted() {
    kubernetes.instead = Buffer.buffer("{\"data\": {\"k\": \"%%\"}}");
    says("the API server sent a Secret that is not base64");
  }

  @Test
  void nobody_else_is_shown_our_token() {
    FakeKubernetes.account(account, FakeKubernetes.TOKEN, GivenCertificate.good());
    says("no authority of ca.crt vouches for the API server");
    assertThat(kubernetes.calls).isEmpty();
  }

  @Test
  void a_server_of_another_name_is_not_shown_our_token() {
    assertThat(failed(ask("127.0.0.2", Patience.LONG, cluster -> cluster.secret("ns", "keys"))))
        .isInstanceOf(ClusterException.class);
    assertThat(kubernetes.calls).isEmpty();
  }

  @Test
  void a_new_token_is_used_at_once() throws IOException {
    secret();
    kubernetes.token = "token-2";
    Files.writeString(account.resolve("token"), "token-2");
    assertThat(secret()).isEmpty();
  }

  @Test
  void a_server_that_is_away_is_told_in_words() {
    kubernetes.stop();
    says("the API server cannot be reached");
  }

  @Test
  void a_server_that_does_not_answer_is_not_waited_for() {
    kubernetes.silent.add("/secrets/");
    assertThat(
            failed(
                ask("127.0.0.1", Duration.ofMillis(200), cluster -> cluster.secret("ns", "keys"))))
        .isInstanceOf(ClusterException.class)
        .hasMessage("the API server did not answer in time");
  }
}
