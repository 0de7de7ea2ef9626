package dev.keyturn.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Answer;
import dev.keyturn.given.Jar;
import dev.keyturn.given.LastingServer;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that is killed, or stopped, and started again, and was told nothing about storage. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RestartIT {
  @TempDir private Path folder;

  @Test
  void a_login_survives_a_kill() {
    try (var server = LastingServer.started(folder)) {
      var client = server.client();
      var tokens = client.redeem(server.logIn(client));
      var second = client.refresh(tokens.text("refresh_token"));
      server.kill();
      server.start();
      assertThat(client.call(second.text("access_token")).status()).isEqualTo(200);
      assertThat(client.refresh(second.text("refresh_token")).status()).isEqualTo(200);
    }
  }

  @Test
  void a_login_survives_a_stop() {
    try (var server = LastingServer.started(folder)) {
      var client = server.client();
      var tokens = client.redeem(server.logIn(client));
      server.stop();
      server.start();
      assertThat(client.refresh(tokens.text("refresh_token")).status()).isEqualTo(200);
      assertThat(server.store().resolve("store.pid")).exists();
    }
  }

  @Test
  void upstream_tokens_are_opened_with_the_vault_key_that_was_made() {
    try (var server = LastingServer.started(folder)) {
      var client = server.client();
      var tokens = client.redeem(server.logIn(client));
      server.kill();
      server.start();
      assertThat(client.call(tokens.text("access_token")).body()).contains("alice-1");
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void a_code_is_spent_for_good() {
    try (var server = LastingServer.started(folder)) {
      var client = server.client();
      var handed = server.logIn(client);
      client.redeem(handed);
      server.kill();
      server.start();
      assertThat(client.redeem(handed).text("error")).isEqualTo("invalid_grant");
    }
  }

  @Test
  void without_keys_everybody_logs_in_once_more() {
    try (var server = LastingServer.withoutKeys(folder)) {
      var client = server.client();
      var tokens = client.redeem(server.logIn(client));
      server.kill();
      server.start();
      assertThat(client.refresh(tokens.text("refresh_token")).text("error"))
          .isEqualTo("invalid_grant");
      assertThat(worksWhole(client, client.redeem(server.logIn(client)))).isTrue();
    }
  }

  private static boolean worksWhole(McpClient client, Answer tokens) {
    return client.call(tokens.text("access_token")).status() == 200
        && client.refresh(tokens.text("refresh_token")).status() == 200;
  }

  /** What keeps a server from starting is told in a line. */
  @Nested
  @DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
  class A_second_server {
    @Test
    void on_the_same_store_is_refused_and_told_which_process_has_it() {
      try (var server = LastingServer.started(folder)) {
        var second = Jar.start(folder, "serve", "--config", "keyturn.yaml", "--port", "0");
        assertThat(second.exit(Patience.SECONDS)).isEqualTo(1);
        assertThat(second.lines())
            .anyMatch(
                line ->
                    line.startsWith(
                        "keyturn: keyturn-data is in use by process " + server.process().pid()))
            .noneMatch(line -> line.startsWith("\tat "));
      }
    }
  }

  @Test
  void a_store_that_nobody_can_read_is_refused_and_left_as_it_is() throws IOException {
    try (var server = LastingServer.started(folder)) {
      server.stop();
      Files.writeString(server.store().resolve("store.mv"), "not ours\n".repeat(1000));
      var next = Jar.start(folder, "serve", "--config", "keyturn.yaml");
      assertThat(next.exit(Patience.SECONDS)).isEqualTo(1);
      assertThat(next.lines()).anyMatch(line -> line.contains("store.mv is damaged, or is not"));
      assertThat(server.store().resolve("store.mv")).content().startsWith("not ours");
    }
  }
}
