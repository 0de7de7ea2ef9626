package dev.keyturn.given;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.Person;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.secrets.Disk;
import dev.keyturn.secrets.Reading;
import dev.keyturn.server.AuthorizationServer;
import dev.keyturn.server.BusNames;
import dev.keyturn.server.Ephemeral;
import dev.keyturn.server.Means;
import dev.keyturn.server.RunConfig;
import dev.keyturn.server.RunConfigReader;
import dev.keyturn.server.WatchedConfig;
import dev.keyturn.store.MemoryStore;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A whole server with two identity providers, {@code company} and {@code hub}, and an MCP server
 * for the tokens of each: {@code /mcp} and {@code /tools}. An upstream of a test's own may be
 * third.
 */
public final class Several implements Place, AutoCloseable {
  /** At the company. */
  public static final Person ALICE =
      new Person("alice", "wonderland", "u-alice", "alice@example.com", "Alice Liddell");

  /** At the company, too. */
  public static final Person BOB =
      new Person("bob", "builder", "u-bob", "bob@example.com", "Bob the Builder");

  /** Alice's account at the hub. */
  public static final Person CODER =
      new Person("coder", "hub-secret", "h-1", "coder@hub.example", "Alice Codes");

  /** Another account at the hub. */
  public static final Person OTHER =
      new Person("other", "hub-secret", "h-2", "other@hub.example", "Somebody Else");

  private static final String HOST = "127.0.0.1";
  private static final String SECRET = "upstream-secret";
  private static final Duration TOKENS = Duration.ofMinutes(5);

  private final Vertx vertx = Vertx.vertx();
  private final SecureRandom random = new SecureRandom();
  private final SettableClock clock = new SettableClock();
  private final MemoryStore store = new MemoryStore(clock, 10_000);
  private final Queue<AuditEvent> audited = new ConcurrentLinkedQueue<>();
  private final int port = FreePorts.next();
  private final Mount files = folder();
  private final IdentityProvider company = provider(List.of(ALICE, BOB));
  private final IdentityProvider hub = provider(List.of(CODER, OTHER));
  private final AuthorizationServer server;
  private String text = "";

  private Several(Shape shape) {
    var companyUrl = done(company.start());
    var hubUrl = done(hub.start());
    if (shape.hubIsAway) {
      done(hub.stop());
    }
    company.register(new RelyingParty("keyturn", SECRET, callbacks()));
    hub.register(new RelyingParty("keyturn", SECRET, callbacks()));
    var document =
        document(
            shape, entry("company", companyUrl, shape.company), entry("hub", hubUrl, shape.hub));
    this.server = done(server(document).start());
  }

  /**
   * What is different.
   *
   * @param company more lines of the entry {@code company}
   * @param hub more lines of the entry {@code hub}
   * @param more further entries and settings
   * @param client more members of the hub's {@code oidc_config}
   */
  private record Shape(
      List<String> company, List<String> hub, String more, String client, boolean hubIsAway) {}

  /** People log in at the company and link an account at the hub. */
  public static Several started(String... hub) {
    return new Several(new Shape(List.of(), List.of(hub), "", "", false));
  }

  /** The same, while the hub is down. */
  public static Several startedWithoutHub(String... hub) {
    return new Several(new Shape(List.of(), List.of(hub), "", "", true));
  }

  /** The same, with more of {@code oidc_config} of the hub. */
  public static Several reachingHub(String members) {
    return new Several(new Shape(List.of(), List.of(), "", ", " + members, false));
  }

  /** People log in where they like. */
  public static Several choosing(String... hub) {
    return choosing(List.of(hub), "");
  }

  /** The same, where the client {@code desk} need not ask for an approval. */
  public static Several choosingAtTrustedDesk() {
    return choosing(
        List.of(),
        """
        clients: [{client_id: desk, redirect_uris: ["https://desk.example/cb"]}]
        consent: {mode: trusted, trusted_clients: [desk]}
        """);
  }

  private static Several choosing(List<String> hub, String more) {
    var lines = new ArrayList<>(hub);
    lines.add("identity: true");
    return new Several(new Shape(List.of(), lines, more, "", false));
  }

  /** The same as {@link #started}, with a third upstream. */
  public static Several with(String entry) {
    return new Several(new Shape(List.of(), List.of(), entry, "", false));
  }

  public String issuer() {
    return "http://" + HOST + ":" + port;
  }

  @Override
  public URI url(String path) {
    return URI.create(issuer() + path);
  }

  @Override
  public URI browserUrl(String path) {
    return url(path);
  }

  /** The MCP server for the company's tokens. */
  @Override
  public URI mcp() {
    return url("/mcp");
  }

  /** The same server, of which a client knows the MCP server at {@code path}. */
  public Place at(String path) {
    return new Place() {
      @Override
      public URI url(String below) {
        return Several.this.url(below);
      }

      @Override
      public URI browserUrl(String below) {
        return Several.this.url(below);
      }

      @Override
      public URI mcp() {
        return Several.this.url(path);
      }
    };
  }

  /** A client of the MCP server for the company's tokens. */
  public McpClient client() {
    return McpClient.registered(this, "https://web.example/callback");
  }

  /** A client of the MCP server for the hub's tokens. */
  public McpClient toolsClient() {
    return McpClient.registered(at("/tools"), "https://tools.example/callback");
  }

  public IdentityProvider company() {
    return company;
  }

  public IdentityProvider hub() {
    return hub;
  }

  public SettableClock clock() {
    return clock;
  }

  /** What was audited so far, by its wire names. */
  public List<String> audited() {
    return audited.stream().map(event -> event.kind().wire()).toList();
  }

  /** What the events of a kind say of {@code detail}. */
  public List<String> audited(String kind, String detail) {
    return audited.stream()
        .filter(event -> event.kind().wire().equals(kind))
        .map(event -> event.details().getOrDefault(detail, ""))
        .toList();
  }

  /** Somebody at a browser that has never been here. */
  public User at(Person person) {
    return new User(new Browser(clock), person);
  }

  /** Logs {@code user} in at the hub with an account there; what follows on the way back. */
  public static Answer atHub(User user, Answer sentOn, Person account) {
    var login = user.browser().follow(sentOn);
    return user.browser().follow(as(user, account).signIn(login));
  }

  /** The same browser, in which {@code person} types now. */
  public static User as(User user, Person person) {
    return new User(user.browser(), person);
  }

  @Override
  public void close() {
    done(server.stop());
    done(company.stop());
    done(hub.stop());
    done(vertx.close());
  }

  private IdentityProvider provider(List<Person> people) {
    return new IdentityProvider(
        vertx, new IdentityProvider.Config(HOST, 0, people, TOKENS, clock, random));
  }

  private List<String> callbacks() {
    return List.of(issuer() + "/oauth/callback", issuer() + "/oauth/callback/hub");
  }

  private URI tools(IdentityProvider provider) {
    var tools =
        new SampleMcpServer(
            vertx, HOST, 0, token -> Future.succeededFuture(facts(provider, token)));
    return done(tools.start());
  }

  private static Optional<TokenFacts> facts(IdentityProvider provider, String token) {
    return provider
        .describe(token)
        .map(live -> new TokenFacts(live.subject(), Optional.of(live.name()), live.expiresAt()));
  }

  /** Gives the server another configuration while it runs. */
  public void change(String old, String other) {
    var next = text.replace(old, other);
    assertThat(next).isNotEqualTo(text);
    text = next;
    files.swap("keyturn.yaml", next);
    await().until(() -> audited().contains("config.changed"));
  }

  private AuthorizationServer server(String document) {
    text = document;
    files.swap("keyturn.yaml", document);
    var ephemeral = new Ephemeral(random);
    var environment = Map.of("UPSTREAM_SECRET", SECRET);
    var watched =
        new WatchedConfig(
            files.file("keyturn.yaml"),
            new Disk(),
            disk -> new RunConfigReader(disk, environment, ephemeral, Clock.systemUTC()),
            warning -> {});
    if (!(watched.first() instanceof Reading.Good<RunConfig> first)) {
      throw new AssertionError(watched.first().toString());
    }
    var metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    var means = new Means(store, CryptoProvider.detect(), metrics, audited::add, random, clock);
    return new AuthorizationServer(vertx, first.value(), watched.files(), means, new BusNames(""));
  }

  private static Mount folder() {
    try {
      return new Mount(Files.createTempDirectory("several"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String entry(String name, URI url, List<String> lines) {
    var more = new StringBuilder();
    lines.forEach(line -> more.append("    ").append(line).append('\n'));
    return """
      - name: %s
        type: oidc
        allow: anyone
    %s    oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_env_var: UPSTREAM_SECRET,
          scopes: [openid, profile, email]%%s}
    """
        .formatted(name, more, url);
  }

  private String document(Shape shape, String first, String second) {
    return """
    issuer: %s
    server: {host: %s, port: %d, management_port: 0}
    storage: {type: memory}
    secrets: {poll_interval: 100ms}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
    %s%s%s
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"]}
        - {path: /tools, url: "%s", scopes: ["mcp:tools"], outgoing: {provider: hub}}
    """
        .formatted(
            issuer(),
            HOST,
            port,
            first.formatted(""),
            second.formatted(shape.client),
            shape.more,
            tools(company),
            tools(hub));
  }
}
