package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.given.Answer;
import dev.keyturn.given.Browser;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Place;
import dev.keyturn.given.RegisteringProvider;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.Wire;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole servers over one store that are given no client id and register themselves. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SelfRegistrationIT {
  private final Vertx vertx = Vertx.vertx();
  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 10_000);
  private final Queue<AuditEvent> audited = new ConcurrentLinkedQueue<>();
  private final List<Server> servers = new ArrayList<>();
  private final int issuer = FreePorts.next();
  private final RegisteringProvider provider = RegisteringProvider.start(vertx, clock);
  @TempDir private Path folder;
  private URI tools;

  @BeforeEach
  void write() throws IOException {
    tools = done(new SampleMcpServer(vertx, "127.0.0.1", 0, token -> facts()).start());
    Files.writeString(folder.resolve("hmac"), "h".repeat(48));
    Files.writeString(folder.resolve("vault"), "v".repeat(32));
    Files.writeString(folder.resolve("token"), "initial-token\n");
    provider.desk.initialToken = Optional.of("initial-token");
  }

  @AfterEach
  void stop() {
    servers.forEach(server -> done(server.own.close()));
    done(vertx.close());
  }

  @Test
  void a_person_logs_in_and_calls_an_mcp_server() {
    var server = start();
    var client = server.client();
    var tokens = client.redeem(logIn(client));
    assertThat(client.call(tokens.text("access_token")).status()).isEqualTo(200);
  }

  @Test
  void a_server_is_ready_while_the_provider_is_down() {
    provider.status = 503;
    assertThat(start().readyz().status()).isEqualTo(200);
  }

  @Test
  void a_login_meanwhile_ends_on_a_page_that_says_when_to_come_back() {
    provider.desk.error = Optional.of("temporarily_unavailable");
    provider.desk.status = 503;
    var server = start();
    await().until(() -> server.readyz().body().contains("it answered 503 when we registered"));
    var page = new Browser(clock).arriveAt(server.client().authorize());
    assertThat(page.status()).isEqualTo(503);
    assertThat(page.header("Retry-After").orElseThrow()).matches("[1-9][0-9]*");
    assertThat(page.body()).contains("Trying again helps: wait at least");
  }

  @Test
  void logins_go_on_by_themselves_when_the_provider_is_back() {
    provider.desk.error = Optional.of("temporarily_unavailable");
    provider.desk.status = 503;
    var server = start();
    var client = server.client();
    await().until(() -> new Browser(clock).arriveAt(client.authorize()).status() == 503);
    provider.desk.error = Optional.empty();
    provider.desk.status = 201;
    await().until(() -> new Browser(clock).arriveAt(client.authorize()).status() == 200);
    assertThat(client.redeem(logIn(client)).status()).isEqualTo(200);
  }

  @Test
  void two_servers_are_one_client() {
    var one = start();
    var two = start();
    var client = one.client();
    assertThat(client.redeem(logIn(client)).status()).isEqualTo(200);
    await().until(() -> two.readyz().body().contains("\"up\""));
    assertThat(provider.desk.registered).hasSize(1);
  }

  @Test
  void a_token_of_the_client_of_before_is_renewed_by_a_request() {
    provider.desk.life = Optional.of(Duration.ofHours(1));
    var server = start();
    var client = server.client();
    var tokens = client.redeem(logIn(client));
    clock.forward(Duration.ofMinutes(46));
    await().until(() -> provider.desk.registered.size() == 2);
    await().until(() -> told("replaced"));
    var refreshed = client.refresh(tokens.text("refresh_token"));
    assertThat(client.call(refreshed.text("access_token")).status()).isEqualTo(200);
    assertThat(provider.tokenRequests).last().isEqualTo("refresh_token of client-1");
  }

  @Test
  void what_came_of_it_is_audited_and_counted_without_a_secret() {
    var server = start();
    await().until(() -> told("registered"));
    var words = audited.stream().map(event -> event.toJson().encode()).toList().toString();
    assertThat(server.metrics())
        .contains("keyturn_upstream_registrations_total{outcome=\"registered\",upstream=\"desk\"}")
        .doesNotContain("secret-1", "initial-token");
    assertThat(words + server.readyz().body()).doesNotContain("secret-1", "initial-token");
  }

  private boolean told(String outcome) {
    return audited.stream()
        .filter(event -> event.kind() == AuditEvent.Kind.UPSTREAM_REGISTERED)
        .anyMatch(event -> event.details().equals(Map.of("upstream", "desk", "outcome", outcome)));
  }

  private Answer logIn(McpClient client) {
    var browser = new Browser(clock);
    await().until(() -> browser.arriveAt(client.authorize()).status() == 200);
    var approved = browser.press(browser.arriveAt(client.authorize()), "Allow");
    return browser.follow(browser.follow(approved));
  }

  private static Future<Optional<TokenFacts>> facts() {
    return Future.succeededFuture(
        Optional.of(new TokenFacts(RegisteringProvider.SUBJECT, Optional.empty(), Instant.EPOCH)));
  }

  private Server start() {
    var server = new Server(servers.isEmpty() ? issuer : FreePorts.next());
    done(server.started);
    servers.add(server);
    return server;
  }

  private String document(int port, int management) {
    return """
    issuer: http://127.0.0.1:%d
    server: {host: 127.0.0.1, port: %d, management_port: %d}
    hmac_secret_files: [hmac]
    vault: {key_files: [vault]}
    session: {recheck: 1m}
    scopes_supported: [openid, offline_access, "mcp:tools"]
    upstreams:
      - name: desk
        type: oidc
        oidc_config: {issuer_url: "%s", dcr_config: {initial_access_token_file: token}}
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"], resource: "http://127.0.0.1:%d/mcp"}
    """
        .formatted(issuer, port, management, provider.url(""), tools, issuer);
  }

  /** One of them. */
  private final class Server implements Place {
    private final Vertx own = Vertx.vertx();
    private final int port;
    private final int management = FreePorts.next();
    private final Future<AuthorizationServer> started;

    Server(int port) {
      this.port = port;
      this.started =
          AuthorizationServer.builder(own)
              .configDocument(document(port, management), folder)
              .environment(Map.of())
              .store(store)
              .clock(clock)
              .auditSink(audited::add)
              .management()
              .start();
    }

    McpClient client() {
      return McpClient.registered(this, "http://127.0.0.1:33418/callback");
    }

    Answer readyz() {
      return at("/readyz");
    }

    String metrics() {
      return at("/metrics").body();
    }

    private Answer at(String path) {
      return new Wire().get(URI.create("http://127.0.0.1:" + management + path));
    }

    @Override
    public URI url(String path) {
      return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public URI browserUrl(String path) {
      return URI.create("http://127.0.0.1:" + issuer + path);
    }

    @Override
    public URI mcp() {
      return URI.create("http://127.0.0.1:" + issuer + "/mcp");
    }
  }
}
