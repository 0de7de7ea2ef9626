package dev.keyturn.idp;

import com.nimbusds.jwt.JWTClaimsSet;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.io.IOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An OpenID provider on loopback, with a login page and everything else in memory.
 *
 * <p>Clients are registered after the start, because their redirect URIs hold a port that is known
 * only then; registering an id again replaces its secrets, as a rotation at a real provider does.
 */
public final class IdentityProvider {
  private static final int LARGEST_FORM = 16 * 1024;

  private final Vertx vertx;
  private final Config config;
  private final Ledger ledger;
  private final SigningKeys keys;
  private final HttpServer server;
  private final Router router;
  private volatile Faults faults = Faults.none();

  public IdentityProvider(Vertx vertx, Config config) {
    this.vertx = vertx;
    this.config = config;
    this.ledger = Ledger.of(config);
    this.keys = new SigningKeys(vertx, config.random());
    this.router = Router.router(vertx);
    this.server =
        vertx.createHttpServer(new HttpServerOptions().setIdleTimeout(60)).requestHandler(router);
  }

  /** Listens and tells the issuer. */
  public Future<URI> start() {
    return keys.rotate()
        .compose(ready -> vertx.executeBlocking(IdentityProvider::stylesheet, false))
        .compose(css -> server.listen(config.port(), config.host()).map(bound -> mount(css)));
  }

  public Future<Void> stop() {
    return server.close();
  }

  /** From now on knows this client, in place of one with the same id. */
  public void register(RelyingParty client) {
    ledger.register(client);
  }

  /** Whether the client has proved itself by its present secret since that was registered. */
  public boolean hasSeenPresentSecretOf(String clientId) {
    return ledger.client(clientId).filter(ledger.upToDate()::contains).isPresent();
  }

  /** From now on misbehaves in these ways and in no other. */
  public void behave(Faults faults) {
    this.faults = faults;
  }

  /** Signs with a new key; the one before it stays published. */
  public Future<Void> rotateKey() {
    return keys.rotate();
  }

  /** A token that says by these claims that somebody has logged out. */
  public Future<String> logoutToken(JWTClaimsSet claims) {
    return keys.sign(claims);
  }

  /** What the access token stands for, if it was issued here and is live. */
  public Optional<LiveToken> describe(String accessToken) {
    return ledger
        .accessTokens()
        .find(accessToken)
        .map(live -> new LiveToken(live.value().subject(), live.value().name(), live.until()));
  }

  private URI mount(Buffer css) {
    var host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
    var issuer = "http://" + host + ":" + server.actualPort();
    router.route().handler(this::answerWhenUp).failureHandler(IdentityProvider::refuse);
    mountDocuments(new Discovery(issuer).document(), css);
    mountEndpoints(issuer);
    return URI.create(issuer);
  }

  private void mountDocuments(JsonObject metadata, Buffer css) {
    router
        .get("/.well-known/openid-configuration")
        .handler(context -> Json.send(context, 200, metadata));
    router.get("/jwks").handler(context -> Json.send(context, 200, keys.published()));
    router
        .get(Pages.STYLESHEET)
        .handler(
            context ->
                Pages.protect(context.response()).putHeader("Content-Type", "text/css").end(css));
  }

  private void mountEndpoints(String issuer) {
    var login = new LoginEndpoint(issuer, ledger);
    var idTokens = new IdTokens(issuer, config.clock(), keys, () -> faults);
    router.get("/authorize").handler(new AuthorizeEndpoint(issuer, ledger)::ask);
    router.route("/userinfo").handler(new UserInfoEndpoint(ledger)::tell);
    router.post().handler(BodyHandler.create(false).setBodyLimit(LARGEST_FORM));
    router.post("/login").handler(login::logIn);
    router.post("/cancel").handler(login::cancel);
    router.post("/revoke").handler(new RevocationEndpoint(ledger)::revoke);
    router.post("/token").handler(new TokenEndpoint(ledger, idTokens, () -> faults)::trade);
  }

  private void answerWhenUp(RoutingContext context) {
    if (faults.down()) {
      context.response().setStatusCode(503).putHeader("Retry-After", "1").end();
      return;
    }
    context.next();
  }

  /** What is refused before there is a trusted return address ends on a page. */
  private static void refuse(RoutingContext context) {
    if (context.failure() instanceof Refusal refusal) {
      Pages.show(context, 400, Pages.problem(refusal.description()));
    } else if (context.failure() instanceof HttpException || context.statusCode() < 500) {
      Pages.show(context, context.statusCode(), Pages.problem("it could not be read"));
    } else {
      context.next();
    }
  }

  private static Buffer stylesheet() throws IOException {
    try (var css = IdentityProvider.class.getResourceAsStream("idp.css")) {
      return Buffer.buffer(Objects.requireNonNull(css, "idp.css").readAllBytes());
    }
  }

  /**
   * Where the provider listens and whom it knows.
   *
   * @param host an address of loopback
   * @param port 0 for any that is free
   */
  public record Config(
      String host,
      int port,
      List<Person> people,
      Duration accessTokenLifetime,
      Clock clock,
      SecureRandom random) {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "localhost");

    public Config {
      if (!LOOPBACK.contains(host)) {
        throw new IllegalArgumentException("host must be one of 127.0.0.1, ::1 and localhost");
      }
      people = List.copyOf(people);
    }
  }
}
