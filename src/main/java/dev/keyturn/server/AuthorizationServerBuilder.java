package dev.keyturn.server;

import dev.keyturn.audit.AuditEvent;
import dev.keyturn.audit.AuditLog;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.gateway.ProtectedResource;
import dev.keyturn.grant.Grant;
import dev.keyturn.http.Endpoint;
import dev.keyturn.oauth.ResourceIndicator;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.KeyValueStore;
import dev.keyturn.token.SessionTokens;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes a server that lives in somebody's application.
 *
 * <p>Only a configuration is needed. Nothing is installed in the JVM: no crypto provider, no
 * logging configuration, no shutdown hook. What was handed in is not closed by {@link
 * AuthorizationServer#stop}.
 */
public final class AuthorizationServerBuilder {

  private final Vertx vertx;
  private final List<Function<SessionTokens, Grant>> grants = new ArrayList<>();
  private final List<Endpoint> endpoints = new ArrayList<>();
  private final List<ProtectedResource> resources = new ArrayList<>();
  private Optional<ConfigSource> source = Optional.empty();
  private Map<String, String> environment = System.getenv();
  private Optional<KeyValueStore> store = Optional.empty();
  private Optional<MeterRegistry> metrics = Optional.empty();
  private Optional<CryptoProvider> crypto = Optional.empty();
  private Consumer<AuditEvent> auditSink = new AuditLog();
  private SecureRandom random = new SecureRandom();
  private Clock clock = Clock.systemUTC();
  private String prefix = "";
  private boolean port = true;
  private boolean management;

  AuthorizationServerBuilder(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Goes by a configuration that was read before. */
  public AuthorizationServerBuilder config(RunConfig config) {
    source = Optional.of(ConfigSource.of(config));
    return this;
  }

  /** Goes by a file, YAML or JSON, and follows every change of it and of what it names. */
  public AuthorizationServerBuilder configFile(Path file) {
    source = Optional.of(ConfigSource.file(file));
    return this;
  }

  /**
   * Goes by the text of a configuration, YAML or JSON, and follows the files that it names.
   *
   * @param folder what the file names in it are relative to
   */
  public AuthorizationServerBuilder configDocument(String document, Path folder) {
    source = Optional.of(ConfigSource.document(document, folder));
    return this;
  }

  /** Where variables that the configuration names are looked up, instead of the process. */
  public AuthorizationServerBuilder environment(Map<String, String> variables) {
    environment = Map.copyOf(variables);
    return this;
  }

  /**
   * Keeps everything there, instead of in the store that the configuration names. It is yours to
   * close.
   */
  public AuthorizationServerBuilder store(KeyValueStore yours) {
    store = Optional.of(yours);
    return this;
  }

  /** Counts there, instead of in a registry of its own. */
  public AuthorizationServerBuilder metrics(MeterRegistry yours) {
    metrics = Optional.of(yours);
    return this;
  }

  /** Tells audit events there, instead of to the log {@code keyturn.audit}. */
  public AuthorizationServerBuilder auditSink(Consumer<AuditEvent> yours) {
    auditSink = yours;
    return this;
  }

  /** Computes signatures with this, instead of native code where it loads. */
  public AuthorizationServerBuilder crypto(CryptoProvider yours) {
    crypto = Optional.of(yours);
    return this;
  }

  public AuthorizationServerBuilder random(SecureRandom yours) {
    random = yours;
    return this;
  }

  public AuthorizationServerBuilder clock(Clock yours) {
    clock = yours;
    return this;
  }

  /** Goes before every address on the bus, such as {@code login.}, for several servers. */
  public AuthorizationServerBuilder busPrefix(String text) {
    prefix = text;
    return this;
  }

  /** Offers a grant more, made with what writes the tokens of a session. */
  public AuthorizationServerBuilder grant(Function<SessionTokens, Grant> grant) {
    grants.add(grant);
    return this;
  }

  /** Offers an endpoint more, with all that ours have: bounds, headers, metadata. */
  public AuthorizationServerBuilder endpoint(Endpoint endpoint) {
    endpoints.add(endpoint);
    return this;
  }

  /**
   * Publishes the metadata of a resource that the application guards by itself, with {@link
   * AuthorizationServer#authenticationHandler}.
   *
   * @param resource its URL; {@code allowed_audiences} of the configuration must name it too
   * @param scopes that clients ask for
   */
  public AuthorizationServerBuilder resource(String resource, String... scopes) {
    resources.add(
        new ProtectedResource(new ResourceIndicator(resource), Scopes.of(List.of(scopes))));
    return this;
  }

  /** Opens no port: the application takes it into a router, {@link AuthorizationServer#mount}. */
  public AuthorizationServerBuilder mounted() {
    port = false;
    return this;
  }

  /** Opens the management port of the configuration, which an embedded server does not. */
  public AuthorizationServerBuilder management() {
    management = true;
    return this;
  }

  /**
   * Reads the configuration and starts the server, in the context of the caller: what a verticle
   * starts ends with it.
   *
   * <p>Fails with a {@link ConfigurationException} that says all that is wrong.
   */
  public Future<AuthorizationServer> start() {
    return vertx.executeBlocking(this::assemble, false).compose(AuthorizationServer::start);
  }

  private AuthorizationServer assemble() {
    var ephemeral = new Ephemeral(random);
    var configured =
        source
            .orElseThrow(() -> new IllegalStateException("no configuration was given"))
            .open(files -> new RunConfigReader(files, environment, ephemeral, clock).embedded());
    resources.forEach(resource -> requireAllowed(configured.config(), resource.resource()));
    return new AuthorizationServer(
        vertx,
        configured.config(),
        configured.files(),
        means(configured.config(), ephemeral),
        new BusNames(prefix),
        new Additions(grants, endpoints, resources),
        new Exposure(port, management, store.isEmpty()));
  }

  private Means means(RunConfig config, Ephemeral made) {
    var counters = metrics.orElseGet(() -> new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    return new Means(
        store.orElseGet(() -> opened(config, made, counters)),
        crypto.orElseGet(CryptoProvider::detect),
        counters,
        auditSink,
        random,
        clock);
  }

  private KeyValueStore opened(RunConfig config, Ephemeral made, MeterRegistry counters) {
    try {
      return new Stores(vertx, new BusNames(prefix), counters, random, clock).open(config, made);
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private static void requireAllowed(RunConfig config, ResourceIndicator resource) {
    if (config.granting().offer().audiences().stream().noneMatch(resource::names)) {
      throw new IllegalArgumentException(
          "no token can be had for " + resource.value() + ": name it in allowed_audiences");
    }
  }
}
