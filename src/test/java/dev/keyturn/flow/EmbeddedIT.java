package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Browser;
import dev.keyturn.given.Flow;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.McpClient;
import dev.keyturn.given.Place;
import dev.keyturn.given.SettableClock;
import dev.keyturn.given.User;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import dev.keyturn.server.AuthorizationServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

/** A whole login at a server that lives in the router of an application. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class EmbeddedIT {
  private static final String HOST = "127.0.0.1";
  private static final String SECRET = "upstream-secret";
  private static final String SCOPE = "mcp:tools";

  private final Vertx vertx = Vertx.vertx();
  private final Clock clock = Clock.systemUTC(); // vertx-auth-jwt knows no other.
  private final int port = FreePorts.next();
  private final String site = "http://" + HOST + ":" + port;
  private final String api = site + "/api";
  private final IdentityProvider idp =
      new IdentityProvider(
          vertx,
          new IdentityProvider.Config(
              HOST, 0, List.of(Flow.ALICE), Duration.ofMinutes(5), clock, new SecureRandom()));
  private final SampleMcpServer tools =
      new SampleMcpServer(vertx, HOST, 0, token -> Future.succeededFuture(facts(token)));
  private final AuthorizationServer server = started();
  private final User alice = new User(new Browser(new SettableClock()), Flow.ALICE);

  @AfterEach
  void stop() {
    done(server.stop());
    done(vertx.close());
  }

  private Optional<TokenFacts> facts(String token) {
    return idp.describe(token)
        .map(live -> new TokenFacts(live.subject(), Optional.of(live.name()), live.expiresAt()));
  }

  private AuthorizationServer started() {
    idp.register(new RelyingParty("keyturn", SECRET, List.of(site + "/oauth/callback")));
    var router = Router.router(vertx);
    router.route().handler(BodyHandler.create());
    var made =
        done(
            AuthorizationServer.builder(vertx)
                .configDocument(document(done(idp.start()), done(tools.start())), Path.of(""))
                .environment(Map.of("UPSTREAM_SECRET", SECRET))
                .clock(clock)
                .resource(api, SCOPE)
                .mounted()
                .start());
    router
        .post("/api")
        .handler(made.authenticationHandler(api, SCOPE))
        .handler(context -> context.json(context.user().principal()));
    made.mount(router);
    done(vertx.createHttpServer().requestHandler(router).listen(port, HOST));
    return made;
  }

  private String document(URI provider, URI mcp) {
    return """
        issuer: %s
        storage: {type: memory}
        scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
        allowed_audiences: ["%s"]
        upstreams:
          - name: demo
            type: oidc
            oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_env_var: UPSTREAM_SECRET,
              scopes: [openid, profile, email]}
        gateway:
          backends:
            - {path: /mcp, url: "%s", scopes: ["mcp:tools"], outgoing: {provider: demo}}
        """
        .formatted(site, api, provider, mcp);
  }

  /** A client that has registered itself and asks for tokens for {@code resource}. */
  private McpClient clientOf(String resource) {
    var place =
        new Place() {
          @Override
          public URI url(String path) {
            return URI.create(site + path);
          }

          @Override
          public URI browserUrl(String path) {
            return url(path);
          }

          @Override
          public URI mcp() {
            return URI.create(resource);
          }
        };
    return McpClient.registered(place, "http://127.0.0.1:33418/callback");
  }

  @Test
  void a_client_logs_in_and_uses_the_tools() {
    var client = clientOf(site + "/mcp");
    var tokens = client.connect(alice);
    assertThat(client.call(tokens.text("access_token")).body()).contains(Flow.ALICE.name());
  }

  @Test
  void a_client_logs_in_and_uses_the_application() {
    var client = clientOf(api);
    var tokens = client.connect(alice);
    var answer = client.call(tokens.text("access_token"));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text("client_id")).isEqualTo(client.id());
    assertThat(answer.text("scope")).contains(SCOPE);
  }

  @Test
  void the_application_reaches_the_provider_as_the_person() {
    var token = clientOf(api).connect(alice).text("access_token");
    var told = done(server.bus().upstreamToken(token, "demo"));
    assertThat(idp.describe(told.value()))
        .hasValueSatisfying(live -> assertThat(live.subject()).isEqualTo(Flow.ALICE.subject()));
  }

  @Test
  void a_refresh_works_and_a_logout_ends_it() {
    var client = clientOf(api);
    var refreshToken = client.connect(alice).text("refresh_token");
    var next = client.refresh(refreshToken);
    assertThat(next.status()).isEqualTo(200);
    done(server.bus().revoke(next.text("refresh_token")));
    assertThat(client.call(next.text("access_token")).status()).isEqualTo(401);
  }
}
