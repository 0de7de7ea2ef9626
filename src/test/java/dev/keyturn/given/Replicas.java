package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.server.AuthorizationServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Several servers with one issuer over one Redis, each with a Vert.x of its own and a port of its
 * own; that of the first is the issuer's. They have the HMAC secret in common, and no signing key.
 */
public final class Replicas implements AutoCloseable {
  private static final String USER = "acl_user_config";

  private final Vertx vertx = Vertx.vertx();
  private final FakeOidc provider = FakeOidc.start(vertx, Clock.systemUTC());
  private final List<JsonObject> received = new CopyOnWriteArrayList<>();
  private final Queue<AuditEvent> audited = new ConcurrentLinkedQueue<>();
  private final Path folder;
  private final String storage;
  private final URI tools;
  private final List<Replica> all = new ArrayList<>();
  private final int issuer = FreePorts.next();

  private Replicas(Path folder, String storage) {
    this.folder = folder;
    this.storage = storage;
    this.tools = done(new SampleMcpServer(vertx, "127.0.0.1", 0, token -> facts()).start());
    provider.answer = this::unmistakable;
    write("hmac", "h".repeat(48));
    write("client-secret", "upstream-secret");
    password(RedisNode.PASSWORD);
  }

  /**
   * So many, all started.
   *
   * @param redis what {@code redis_config} holds, without braces; who has no user is let in by the
   *     password alone
   */
  public static Replicas started(Path folder, String redis, int count) {
    var replicas = waiting(folder, redis, count);
    replicas.all.forEach(replica -> done(replica.starting));
    return replicas;
  }

  /** The same, perhaps still waiting for their store. */
  public static Replicas waiting(Path folder, String redis, int count) {
    var user = redis.contains(USER) ? "" : ", " + USER + ": {password_file: redis-password}";
    var replicas = new Replicas(folder, redis + ", key_prefix: 'kt:'" + user);
    for (int i = 0; i < count; i++) {
      replicas.all.add(replicas.new Replica(i == 0 ? replicas.issuer : FreePorts.next()));
    }
    return replicas;
  }

  /** Writes another password for Redis. */
  public void password(String text) {
    write("redis-password", text);
  }

  public Replica get(int index) {
    return all.get(index);
  }

  public List<Replica> all() {
    return List.copyOf(all);
  }

  /** The answers of the identity provider's token endpoint. */
  public List<JsonObject> received() {
    return List.copyOf(received);
  }

  public List<AuditEvent> audited() {
    return List.copyOf(audited);
  }

  /** A client that registered itself at the first of them. */
  public McpClient client() {
    return McpClient.registered(get(0), "http://127.0.0.1:33418/callback");
  }

  /** The same client, which asks another one. */
  public McpClient client(McpClient same, int index) {
    var replica = get(index);
    return new McpClient(
        replica,
        same.id(),
        "http://127.0.0.1:33418/callback",
        new Wire(HttpClient::newHttpClient, replica::here));
  }

  /** What the client is handed at the end of a login in a browser of its own. */
  public Answer logIn(McpClient client) {
    var browser = new Browser(Clock.systemUTC());
    var approved = browser.press(browser.arriveAt(client.authorize()), "Allow");
    return browser.follow(browser.follow(approved));
  }

  @Override
  public void close() {
    all.forEach(Replica::close);
    done(vertx.close());
  }

  private JsonObject unmistakable(JsonObject tokens) {
    var marked = tokens.copy();
    for (var name : List.of("access_token", "refresh_token")) {
      marked.put(name, "upstream-" + name + "-" + UUID.randomUUID());
    }
    received.add(marked);
    return marked;
  }

  private static Future<Optional<TokenFacts>> facts() {
    return Future.succeededFuture(
        Optional.of(new TokenFacts(FakeOidc.SUBJECT, Optional.empty(), Instant.EPOCH)));
  }

  private void write(String name, String text) {
    try {
      Files.write(folder.resolve(name), text.getBytes(US_ASCII));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private String document(int port) {
    return """
    issuer: http://127.0.0.1:%d
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    hmac_secret_files: [hmac]
    storage: {type: redis, redis_config: {%s}}
    secrets: {poll_interval: 200ms}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    registration: {max_clients: 20}
    upstreams:
      - name: company
        type: oidc
        oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_file: client-secret}
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"], resource: "http://127.0.0.1:%d/mcp"}
    """
        .formatted(issuer, port, storage, provider.issuer(), tools, issuer);
  }

  /** One of them. */
  public final class Replica implements Place, AutoCloseable {
    private final Vertx own = Vertx.vertx();
    private final int port;
    private final int management = FreePorts.next();
    private final Future<AuthorizationServer> starting;

    private Replica(int port) {
      this.port = port;
      this.starting =
          AuthorizationServer.builder(own)
              .configDocument(
                  document(port).replace("management_port: 0", "management_port: " + management),
                  folder)
              .environment(Map.of())
              .auditSink(audited::add)
              .management()
              .start();
    }

    public Future<AuthorizationServer> starting() {
      return starting;
    }

    /** What {@code /readyz} says. */
    public Answer readiness() {
      return new Wire().get(URI.create("http://127.0.0.1:" + management + "/readyz"));
    }

    /** What {@code /metrics} says. */
    public String metrics() {
      return new Wire().get(URI.create("http://127.0.0.1:" + management + "/metrics")).body();
    }

    @Override
    public URI url(String path) {
      return URI.create("http://127.0.0.1:" + port + path);
    }

    @Override
    public URI browserUrl(String path) {
      return URI.create("http://127.0.0.1:" + issuer + path);
    }

    /** The resource, which is the same at each of them. */
    @Override
    public URI mcp() {
      return URI.create("http://127.0.0.1:" + issuer + "/mcp");
    }

    /** The same path, asked of this one. */
    private URI here(URI url) {
      return url(url.getPath());
    }

    @Override
    public void close() {
      done(own.close());
    }
  }
}
