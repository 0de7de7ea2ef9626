package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.Person;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.KeyturnOverBus;
import dev.keyturn.server.Means;
import dev.keyturn.server.RunConfigReader;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A whole server on loopback, an identity provider before it and an MCP server behind it. */
public final class Flow implements Place, AutoCloseable {
  public static final Person ALICE =
      new Person("alice", "wonderland", "u-alice", "alice@example.com", "Alice Liddell");
  public static final Person BOB =
      new Person("bob", "builder", "u-bob", "bob@example.com", "Bob the Builder");

  /** Of the clients {@code portal} and {@code bank}. */
  public static final String PORTAL_SECRET = "100% of the portal: a+b=c, 32 long";

  private static final String HOST = "127.0.0.1";
  private static final String SECRET = "upstream-secret";

  private final Vertx vertx = Vertx.vertx();
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock();
  private final FlowStore kept = FlowStore.of(vertx, clock, 10_000);
  private final CountingStore store = new CountingStore(kept);
  private final Queue<AuditEvent> audited = new ConcurrentLinkedQueue<>();
  private final int port = FreePorts.next();
  private final Plan plan;
  private final Optional<MetadataHost> documents;
  private final IdentityProvider idp;
  private final URI provider;
  private final SampleMcpServer tools;
  private final AuthorizationServer server;

  private Flow(Plan plan) {
    this.plan = plan;
    this.documents = documents(plan);
    this.idp =
        new IdentityProvider(
            vertx,
            new IdentityProvider.Config(
                HOST, 0, List.of(ALICE, BOB), plan.upstreamTokens(), clock, random));
    this.tools =
        new SampleMcpServer(
            vertx,
            HOST,
            0,
            token ->
                Future.succeededFuture(
                    idp.describe(token)
                        .map(
                            live ->
                                new TokenFacts(
                                    live.subject(), Optional.of(live.name()), live.expiresAt()))));
    idp.behave(plan.faults());
    this.provider = done(idp.start());
    var mcp = done(tools.start());
    idp.register(new RelyingParty("keyturn", SECRET, List.of(browserIssuer() + "/oauth/callback")));
    this.server = done(server(document(provider, plan.backend().orElse(mcp))).start());
  }

  public static Flow started() {
    return started(Plan.USUAL);
  }

  public static Flow started(Plan plan) {
    return new Flow(plan);
  }

  /** Who we are: the issuer. */
  public String issuer() {
    return "http://" + HOST + ":" + port + plan.path();
  }

  /** Where browsers find us. */
  public String browserIssuer() {
    return "http://" + plan.browserHost().orElse(HOST) + ":" + port + plan.path();
  }

  @Override
  public URI url(String path) {
    return URI.create(issuer() + path);
  }

  @Override
  public URI browserUrl(String path) {
    return URI.create(browserIssuer() + path);
  }

  @Override
  public URI mcp() {
    return URI.create("http://" + HOST + ":" + port + "/mcp");
  }

  /** The issuer of the identity provider. */
  public URI provider() {
    return provider;
  }

  public IdentityProvider idp() {
    return idp;
  }

  public SettableClock clock() {
    return clock;
  }

  public CountingStore store() {
    return store;
  }

  /** The server as other verticles see it. */
  public KeyturnOverBus bus() {
    return server.bus();
  }

  /** What was audited so far, by its wire names. */
  public List<String> audited() {
    return audited.stream().map(event -> event.kind().wire()).toList();
  }

  /** What became of refresh tokens so far. */
  public List<String> outcomes() {
    return audited.stream()
        .filter(event -> event.details().containsKey("outcome"))
        .map(event -> event.details().get("outcome"))
        .toList();
  }

  /** A browser that has never been here. */
  public Browser browser() {
    return new Browser(clock);
  }

  /** Alice at a browser that has never been here. */
  public User alice() {
    return new User(browser(), ALICE);
  }

  /**
   * A client that nobody knew before: it has just registered itself, or it publishes who it is
   * where {@code -Dkeyturn.clients=document} says so.
   */
  public McpClient client() {
    var redirectUri = "http://127.0.0.1:33418/callback";
    return documents
        .map(host -> McpClient.byDocument(this, host, redirectUri))
        .orElseGet(() -> McpClient.registered(this, redirectUri));
  }

  @Override
  public void close() {
    done(server.stop());
    done(tools.stop());
    done(idp.stop());
    documents.ifPresent(MetadataHost::close);
    kept.close();
    done(vertx.close());
  }

  private static Optional<MetadataHost> documents(Plan plan) {
    return "document".equals(System.getProperty("keyturn.clients")) && !plan.more().contains("cimd")
        ? Optional.of(MetadataHost.started("apps.example"))
        : Optional.empty();
  }

  private AuthorizationServer server(String document) {
    var reader =
        new RunConfigReader(
            Map.of("UPSTREAM_SECRET", SECRET, "PORTAL_SECRET", PORTAL_SECRET), random);
    var config =
        reader
            .read(document, Path.of(""))
            .orElseThrow(() -> new AssertionError(reader.findings().errors().toString()));
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var means = new Means(store, CryptoProvider.detect(), metrics, audited::add, random, clock);
    return new AuthorizationServer(vertx, config, means, new BusNames(""));
  }

  private String document(URI provider, URI mcp) {
    return """
    issuer: %s
    server: {host: %s, port: %d, management_port: 0}
    storage: {type: memory}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - name: demo
        type: oidc
        allow: %s
        oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_env_var: UPSTREAM_SECRET,
          scopes: [openid, profile, email] %s}
    clients:
      - {client_id: desk, client_name: Desk, redirect_uris: ["https://desk.example/callback"]}
      - {client_id: portal, redirect_uris: ["https://portal.example/callback"],
          client_secret_env_var: PORTAL_SECRET, pkce: optional}
      - {client_id: bank, redirect_uris: ["https://bank.example/callback"],
          client_secret_env_var: PORTAL_SECRET, require_par: true}
    %s
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"], outgoing: %s}
    %s
    %s
    %s
    """
        .formatted(
            issuer(),
            HOST,
            port,
            plan.allow(),
            provider,
            plan.upstream().isEmpty() ? "" : ", " + plan.upstream(),
            plan.clients().indent(2).stripTrailing(),
            mcp,
            plan.outgoing(),
            plan.browserHost().isPresent()
                ? "authorization_endpoint_base_url: " + browserIssuer()
                : "",
            plan.more(),
            documents.map(MetadataHost::setting).orElse(""));
  }
}
