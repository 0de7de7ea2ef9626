package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.given.Replicas;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose Redis is away, at its start and later. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisStartIT {
  @TempDir private Path folder;

  @Test
  void without_its_redis_it_is_alive_and_not_ready_and_says_why() {
    try (var redis = RedisLab.standalone(folder)) {
      var node = redis.servers().get(0);
      node.kill();
      try (var replicas = Replicas.waiting(folder, "addr: '" + node.address() + "'", 1)) {
        await().until(() -> says(replicas, node, "cannot be reached"));
        assertThat(replicas.get(0).starting().isComplete()).isFalse();
        node.start();
        done(replicas.get(0).starting());
        assertThat(replicas.get(0).readiness().status()).isEqualTo(200);
        assertThat(replicas.get(0).readiness().json().getJsonObject("store")).isEmpty();
      }
    }
  }

  @Test
  void a_wrong_password_is_told_and_mended_in_its_file() {
    try (var redis = RedisLab.standalone(folder)) {
      var node = redis.servers().get(0);
      node.password("another");
      try (var replicas = Replicas.waiting(folder, "addr: '" + node.address() + "'", 1)) {
        await().until(() -> says(replicas, node, "refuses our user or password"));
        assertThat(replicas.get(0).readiness().body()).doesNotContain(RedisNode.PASSWORD);
        replicas.password("another");
        done(replicas.get(0).starting());
      }
    }
  }

  @Test
  void a_password_is_exchanged_in_a_server_that_works() {
    try (var redis = RedisLab.standalone(folder);
        var replicas =
            Replicas.started(folder, "addr: '" + redis.servers().get(0).address() + "'", 1)) {
      var node = redis.servers().get(0);
      var client = replicas.client();
      var tokens = client.redeem(replicas.logIn(client));
      node.password("another");
      replicas.password("another");
      await().until(() -> replicas.get(0).readiness().body().contains("\"generation\":2"));
      node.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
    }
  }

  @Test
  void while_redis_is_away_single_use_fails_closed_and_mcp_requests_go_on() {
    try (var redis = RedisLab.standalone(folder);
        var replicas =
            Replicas.started(folder, "addr: '" + redis.servers().get(0).address() + "'", 1)) {
      var client = replicas.client();
      var tokens = client.redeem(replicas.logIn(client));
      var handed = replicas.logIn(client);
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
      redis.servers().get(0).kill();
      var code = client.redeem(handed);
      var refresh = client.refresh(tokens.text("refresh_token"));
      assertThat(List.of(code, refresh))
          .allMatch(answer -> answer.status() == 503)
          .allMatch(answer -> answer.header("Retry-After").isPresent());
      assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
      assertThat(replicas.get(0).readiness().status()).isEqualTo(200);
    }
  }

  private static boolean says(Replicas replicas, RedisNode node, String reason) {
    try {
      var answer = replicas.get(0).readiness();
      return answer.status() == 503
          && reason.equals(answer.json().getJsonObject("store").getString(node.address()));
    } catch (AssertionError e) {
      return false; // Its management port is not open yet.
    }
  }
}
