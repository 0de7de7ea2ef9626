package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * {@code serve} with a file store, killed and started again at will. The identity provider, which
 * asks nobody for a password, and the MCP server outlive it.
 */
public final class LastingServer implements Place, AutoCloseable {
  private static final String KEYS =
      """
      signing_key_config: {signing_key_file: key.pem}
      hmac_secret_files: [hmac]
      """;

  private final Vertx vertx = Vertx.vertx();
  private final int port = FreePorts.next();
  private final FakeOidc provider = FakeOidc.start(vertx, Clock.systemUTC());
  private final List<JsonObject> received = new CopyOnWriteArrayList<>();
  private final Path folder;
  private Running process;

  private LastingServer(Path folder, String settings) {
    this.folder = folder;
    var tools = new SampleMcpServer(vertx, "127.0.0.1", 0, LastingServer::facts);
    provider.answer = this::unmistakable;
    write(document(settings, done(tools.start())));
    start();
  }

  /** One whose signing key and HMAC secret lie in files. */
  public static LastingServer started(Path folder) {
    return new LastingServer(folder, KEYS);
  }

  /** One that is told of no key at all. */
  public static LastingServer withoutKeys(Path folder) {
    return new LastingServer(folder, "");
  }

  /** Starts it again; tells how long that took. */
  public Duration start() {
    var begin = System.nanoTime();
    process = Jar.start(folder, "serve", "--config", "keyturn.yaml");
    process.line(line -> line.contains("started"));
    return Duration.ofNanos(System.nanoTime() - begin);
  }

  public void kill() {
    process.kill();
  }

  /** Tells it to stop, and waits for that. */
  public void stop() {
    process.stop();
  }

  public Running process() {
    return process;
  }

  /** Where its store is. */
  public Path store() {
    return folder.resolve("keyturn-data");
  }

  /** The answers of the identity provider's token endpoint. */
  public List<JsonObject> received() {
    return List.copyOf(received);
  }

  /**
   * From now on every login is that of another person, since one has only so many sessions. Nobody
   * may ask the provider again, which then names somebody else.
   */
  public void strangers() {
    provider.claims = claims -> claims.subject(UUID.randomUUID().toString());
  }

  public McpClient client() {
    return McpClient.registered(this, "http://127.0.0.1:33418/callback");
  }

  /** What the client is handed at the end of a login in a browser of its own. */
  public Answer logIn(McpClient client) {
    var browser = new Browser(Clock.systemUTC());
    var approved = browser.press(browser.arriveAt(client.authorize()), "Allow");
    return browser.follow(browser.follow(approved));
  }

  @Override
  public URI url(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  @Override
  public URI browserUrl(String path) {
    return url(path);
  }

  @Override
  public URI mcp() {
    return url("/mcp");
  }

  @Override
  public void close() {
    process.close();
    done(vertx.close());
  }

  /** Tokens that do not turn up by chance. */
  private JsonObject unmistakable(JsonObject tokens) {
    var marked = tokens.copy();
    for (var name : List.of("access_token", "refresh_token")) {
      marked.put(name, "upstream-" + name + "-" + UUID.randomUUID());
    }
    received.add(marked);
    return marked;
  }

  /** Any token will do: what matters is that there is one. */
  private static Future<Optional<TokenFacts>> facts(String token) {
    return Future.succeededFuture(
        Optional.of(new TokenFacts(FakeOidc.SUBJECT, Optional.empty(), Instant.EPOCH)));
  }

  private void write(String document) {
    try (var key = LastingServer.class.getResourceAsStream("/dev/keyturn/keys/p256-pkcs8.pem")) {
      Files.write(folder.resolve("key.pem"), key.readAllBytes());
      Files.write(folder.resolve("hmac"), "h".repeat(48).getBytes(US_ASCII));
      Files.writeString(folder.resolve("client-secret"), "upstream-secret\n");
      Files.writeString(folder.resolve("keyturn.yaml"), document);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Without a word about storage, since that is what most people will write. */
  private String document(String settings, URI tools) {
    return """
    issuer: %s
    rate_limits: {enabled: false}
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    %s
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    registration: {max_clients: 100000}
    session: {recheck: 12h}
    upstreams:
      - name: company
        type: oidc
        oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_file: client-secret}
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"]}
    """
        .formatted(url(""), port, settings.strip(), provider.issuer(), tools);
  }
}
