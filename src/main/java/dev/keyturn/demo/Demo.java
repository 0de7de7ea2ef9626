package dev.keyturn.demo;

import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.Person;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.Means;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The demo: everything on loopback, nothing on disk, gone when it stops.
 *
 * <p>The server is made from a configuration document like any other, so that what the demo shows
 * is what {@code serve} does.
 */
public final class Demo {
  /** What the sample person types as name. */
  public static final String USERNAME = "alice";

  /** What the sample person types as password. */
  public static final String PASSWORD = "wonderland";

  private static final Person SAMPLE =
      new Person(USERNAME, PASSWORD, "alice", "alice@example.com", "Alice Liddell");

  private static final String HOST = "127.0.0.1";
  private static final String CLIENT_ID = "keyturn";
  private static final String SECRET_VARIABLE = "KEYTURN_DEMO_CLIENT_SECRET";
  private static final Duration UPSTREAM_TOKENS = Duration.ofMinutes(5);
  private static final int ATTEMPTS = 5;

  private final Vertx vertx;
  private final Means means;
  private final String secret;
  private final IdentityProvider provider;
  private final SampleMcpServer tools;
  private volatile Optional<AuthorizationServer> server = Optional.empty();

  public Demo(Vertx vertx, Means means) {
    this.vertx = vertx;
    this.means = means;
    this.secret = unguessable(means);
    this.provider =
        new IdentityProvider(
            vertx,
            new IdentityProvider.Config(
                HOST, 0, List.of(SAMPLE), UPSTREAM_TOKENS, means.clock(), means.random()));
    this.tools = new SampleMcpServer(vertx, HOST, 0, this::describe);
  }

  /** Starts everything; tells the URL to give to an MCP client. */
  public Future<URI> start(int port) {
    return provider
        .start()
        .compose(issuer -> tools.start().compose(mcp -> startServer(port, issuer, mcp, ATTEMPTS)))
        .map(started -> URI.create("http://" + HOST + ":" + started.port() + "/mcp"))
        .recover(failure -> stop().transform(stopped -> Future.failedFuture(failure)));
  }

  /** Stops everything. */
  public Future<Void> stop() {
    return server
        .map(AuthorizationServer::stop)
        .orElseGet(Future::succeededFuture)
        .eventually(tools::stop)
        .eventually(provider::stop);
  }

  /** A free port may be somebody else's a moment later: then it is another one. */
  private Future<AuthorizationServer> startServer(int port, URI issuer, URI mcp, int attempts) {
    return free(port)
        .compose(open -> startServerAt(open, issuer, mcp))
        .recover(
            failure ->
                port == 0 && attempts > 1 && failure instanceof BindException
                    ? startServer(port, issuer, mcp, attempts - 1)
                    : Future.failedFuture(failure));
  }

  /** To read keys and templates takes time, which no event loop has. */
  private Future<AuthorizationServer> startServerAt(int port, URI issuer, URI mcp) {
    var self = "http://" + HOST + ":" + port;
    provider.register(new RelyingParty(CLIENT_ID, secret, List.of(self + "/oauth/callback")));
    return vertx
        .executeBlocking(
            () -> {
              var config = config(self, port, issuer, mcp);
              var made = new AuthorizationServer(vertx, config, means, new BusNames(""));
              server = Optional.of(made);
              return made.start();
            },
            false)
        .compose(starting -> starting);
  }

  private RunConfig config(String self, int port, URI issuer, URI mcp) {
    var reader = new RunConfigReader(Map.of(SECRET_VARIABLE, secret), means.random());
    return reader
        .read(document(self, port, issuer, mcp), Path.of(""))
        .orElseThrow(() -> new IllegalStateException(reader.findings().errors().toString()));
  }

  private static String document(String self, int port, URI issuer, URI mcp) {
    return """
    issuer: %s
    server: {host: %s, port: %d, management_port: 0}
    storage: {type: memory}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - name: demo
        type: oidc
        oidc_config:
          issuer_url: %s
          client_id: %s
          client_secret_env_var: %s
          scopes: [openid, profile, email]
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"], outgoing: {provider: demo}}
    """
        .formatted(self, HOST, port, issuer, CLIENT_ID, SECRET_VARIABLE, mcp);
  }

  /** The issuer names the port, so it must be known before anything listens there. */
  private Future<Integer> free(int port) {
    return port != 0
        ? Future.succeededFuture(port)
        : vertx
            .createNetServer()
            .connectHandler(socket -> {})
            .listen(0, HOST)
            .compose(
                probe -> {
                  var found = probe.actualPort();
                  return probe.close().map(found);
                });
  }

  private Future<Optional<TokenFacts>> describe(String token) {
    return Future.succeededFuture(
        provider
            .describe(token)
            .map(
                live ->
                    new TokenFacts(live.subject(), Optional.of(live.name()), live.expiresAt())));
  }

  private static String unguessable(Means means) {
    var bytes = new byte[32];
    means.random().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
