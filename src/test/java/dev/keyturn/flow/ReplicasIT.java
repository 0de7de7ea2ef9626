package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.Replicas;
import dev.keyturn.given.Spellings;
import dev.keyturn.given.Wire;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Three servers over one Redis are one authorization server. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReplicasIT {
  private static final int COUNT = 3;
  private static final int ROUNDS = 5;

  private RedisLab redis;
  private Replicas replicas;
  private McpClient client;
  private List<McpClient> everywhere;

  @BeforeAll
  void start(@TempDir Path folder) {
    redis = RedisLab.standalone(folder);
    replicas = Replicas.started(folder, "addr: '" + redis.servers().get(0).address() + "'", COUNT);
    client = replicas.client();
    everywhere =
        IntStream.range(0, COUNT).mapToObj(index -> replicas.client(client, index)).toList();
  }

  @AfterAll
  void stop() {
    replicas.close();
    redis.close();
  }

  @Test
  void a_code_is_redeemed_at_one_of_them_alone() {
    for (int round = 0; round < ROUNDS; round++) {
      var handed = replicas.logIn(client);
      var answers = atOnce(one -> one.redeem(handed));
      assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSizeLessThan(2);
      assertThat(answers)
          .filteredOn(answer -> answer.status() != 200)
          .allMatch(answer -> answer.text("error").equals("invalid_grant"));
    }
  }

  @Test
  void parallel_refreshes_at_all_of_them_bring_the_same_successor() {
    var token = client.redeem(replicas.logIn(client)).text("refresh_token");
    for (int round = 0; round < ROUNDS; round++) {
      var old = token;
      var answers = atOnce(one -> one.refresh(old));
      assertThat(answers).allMatch(answer -> answer.status() == 200);
      assertThat(answers.stream().map(answer -> answer.text("refresh_token")).distinct())
          .hasSize(1);
      token = answers.get(0).text("refresh_token");
    }
  }

  /** Each made a signing key of its own, since none was named. */
  @Test
  void what_one_signs_another_accepts() {
    var tokens = everywhere.get(1).redeem(replicas.logIn(client));
    assertThat(everywhere).allMatch(one -> one.call(tokens.text("access_token")).status() == 200);
  }

  @Test
  void they_publish_the_same_keys() {
    await()
        .until(
            () ->
                replicas.all().stream()
                        .map(one -> new Wire().get(one.url("/.well-known/jwks.json")))
                        .map(answer -> answer.json().getJsonArray("keys").size())
                        .distinct()
                        .count()
                    == 1);
  }

  @Test
  void a_session_that_ends_at_one_is_over_at_another_soon() {
    var first = client.redeem(replicas.logIn(client));
    var other = everywhere.get(2);
    assertThat(other.call(first.text("access_token")).status()).isEqualTo(200);
    var second = client.refresh(first.text("refresh_token"));
    client.refresh(second.text("refresh_token"));
    assertThat(client.refresh(first.text("refresh_token")).text("error"))
        .isEqualTo("invalid_grant");
    await().until(() -> other.call(first.text("access_token")).status() == 401);
  }

  @Test
  void no_token_that_was_issued_or_received_lies_in_redis() {
    var secrets = new ArrayList<String>();
    var handed = replicas.logIn(client);
    secrets.add(handed.handed("code"));
    secrets.add(replicas.logIn(client).handed("code")); // One that nobody has spent.
    var first = client.redeem(handed);
    var second = everywhere.get(1).refresh(first.text("refresh_token"));
    Stream.of(first.json(), second.json()).forEach(tokens -> add(secrets, tokens));
    replicas.received().forEach(tokens -> add(secrets, tokens));
    assertThat(secrets).hasSizeGreaterThan(8);
    var dump = redis.dump();
    assertThat(dump).contains(client.id()).contains("kt:");
    assertThat(secrets).filteredOn(it -> Spellings.of(it).anyMatch(dump::contains)).isEmpty();
  }

  @Test
  void readiness_names_a_server_of_the_store_that_is_in_trouble_and_metrics_count_it() {
    var node = redis.servers().get(0);
    var tokens = client.redeem(replicas.logIn(client));
    assertThat(everywhere).allMatch(one -> one.call(tokens.text("access_token")).status() == 200);
    node.ask("CONFIG", "SET", "maxmemory", "1");
    try {
      var refused = client.refresh(tokens.text("refresh_token"));
      assertThat(refused.status()).isEqualTo(503);
      assertThat(refused.header("Retry-After")).isPresent();
      assertThat(replicas.get(0).readiness().json().getJsonObject("store"))
          .isEqualTo(new JsonObject().put(node.address(), "is out of memory"));
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
    } finally {
      node.ask("CONFIG", "SET", "maxmemory", "0");
    }
    assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
    assertThat(replicas.get(0).readiness().json().getJsonObject("store")).isEmpty();
    assertThat(replicas.get(0).metrics()).contains("outcome=\"full\"");
  }

  private List<Answer> atOnce(Function<McpClient, Answer> call) {
    var threads = Executors.newFixedThreadPool(COUNT);
    try {
      var calls = everywhere.stream().map(one -> (Callable<Answer>) () -> call.apply(one)).toList();
      var answers = new ArrayList<Answer>();
      for (var one : threads.invokeAll(calls)) {
        answers.add(one.get());
      }
      return answers;
    } catch (Exception e) {
      throw new AssertionError(e);
    } finally {
      threads.shutdown();
    }
  }

  private static void add(List<String> secrets, JsonObject tokens) {
    Stream.of("access_token", "refresh_token", "id_token")
        .filter(tokens::containsKey)
        .map(tokens::getString)
        .forEach(secrets::add);
  }
}
