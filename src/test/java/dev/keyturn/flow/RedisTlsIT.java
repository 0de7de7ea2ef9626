package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.given.Replicas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that is reached by TLS, under an authority of its own, by a user or by a password. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class RedisTlsIT {
  private static final Pattern RIGHTS = Pattern.compile("`(\\+get [^`]*)`");
  private static final String USER =
      ", acl_user_config: {username_file: redis-user, password_file: redis-password}";

  @TempDir private Path folder;
  private final GivenCertificate authority = GivenCertificate.good();
  private final int port = FreePorts.next();
  private RedisLab redis;
  private RedisNode node;

  @BeforeEach
  void start() throws IOException {
    var server = authority.issues();
    write("ca.crt", authority.certificatePem());
    write("tls.crt", server.certificatePem());
    write("tls.key", server.keyPem());
    write("redis-user", "keyturn");
    redis =
        RedisLab.standalone(
            folder,
            "--tls-port",
            String.valueOf(port),
            "--tls-cert-file",
            folder.resolve("tls.crt").toString(),
            "--tls-key-file",
            folder.resolve("tls.key").toString(),
            "--tls-ca-cert-file",
            folder.resolve("ca.crt").toString(),
            "--tls-auth-clients",
            "no");
    node = redis.servers().get(0);
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }

  private String place() {
    return "addr: '127.0.0.1:" + port + "', tls: {ca_cert_file: ca.crt}";
  }

  /** A user who may do what the documentation says, and nothing else. */
  private void addUser() throws IOException {
    var rights = RIGHTS.matcher(Files.readString(Path.of("docs/storage.md")));
    assertThat(rights.find()).isTrue();
    var words = new ArrayList<>(List.of("ACL", "SETUSER", "keyturn", "reset", "on"));
    words.addAll(List.of(">" + RedisNode.PASSWORD, "~kt:*"));
    words.addAll(List.of(rights.group(1).split(" ", -1)));
    assertThat(node.ask(words.toArray(String[]::new))).isEqualTo("OK");
  }

  /** Everything that a session does in the store. */
  private static void live(Replicas replicas, McpClient client) {
    var first = client.redeem(replicas.logIn(client)).text("refresh_token");
    var second = client.refresh(first);
    assertThat(client.call(second.text("access_token")).status()).isEqualTo(200);
    client.refresh(second.text("refresh_token"));
    assertThat(client.refresh(first).text("error")).isEqualTo("invalid_grant");
  }

  @Test
  void a_user_with_the_documented_rights_is_enough() throws IOException {
    addUser();
    try (var replicas = Replicas.started(folder, place() + USER, 1)) {
      live(replicas, replicas.client());
      assertThat(String.valueOf(node.ask("CLIENT", "LIST"))).contains("user=keyturn");
      assertThat(String.valueOf(node.ask("ACL", "LOG"))).isEqualTo("[]");
    }
  }

  @Test
  void a_password_alone_is_enough() {
    try (var replicas = Replicas.started(folder, place(), 1)) {
      live(replicas, replicas.client());
    }
  }

  @Test
  void a_server_of_another_authority_is_not_told_the_password() throws IOException {
    write("ca.crt", GivenCertificate.good().certificatePem());
    try (var replicas = Replicas.waiting(folder, place(), 1)) {
      await().until(() -> says(replicas, "shows no certificate that we trust"));
      assertThat(replicas.get(0).starting().isComplete()).isFalse();
      assertThat(String.valueOf(node.ask("INFO", "commandstats"))).doesNotContain("cmdstat_hello");
    }
  }

  @Test
  void the_password_of_a_user_is_exchanged_without_a_failed_request() throws IOException {
    addUser();
    try (var replicas = Replicas.started(folder, place() + USER, 1)) {
      var client = replicas.client();
      var tokens = new ArrayList<String>();
      tokens.add(client.redeem(replicas.logIn(client)).text("refresh_token"));
      node.ask("ACL", "SETUSER", "keyturn", ">another");
      refresh(client, tokens);
      replicas.password("another");
      await()
          .until(
              () -> {
                refresh(client, tokens);
                return replicas.get(0).readiness().body().contains("\"generation\":2");
              });
      node.ask("ACL", "SETUSER", "keyturn", "<" + RedisNode.PASSWORD);
      refresh(client, tokens);
      node.ask("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
      refresh(client, tokens);
      assertThat(tokens).hasSizeGreaterThan(4);
    }
  }

  private static void refresh(McpClient client, List<String> tokens) {
    var answer = client.refresh(tokens.get(tokens.size() - 1));
    assertThat(answer.status()).isEqualTo(200);
    tokens.add(answer.text("refresh_token"));
  }

  private boolean says(Replicas replicas, String reason) {
    try {
      var answer = replicas.get(0).readiness();
      return answer.status() == 503
          && reason.equals(answer.json().getJsonObject("store").getString("127.0.0.1:" + port));
    } catch (AssertionError e) {
      return false; // Its management port is not open yet.
    }
  }
}
