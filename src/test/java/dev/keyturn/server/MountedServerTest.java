package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.RecordingBackend;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.LoggerHandler;
import io.vertx.ext.web.handler.SessionHandler;
import io.vertx.ext.web.sstore.LocalSessionStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MountedServerTest {
  private static final String METADATA = "/.well-known/oauth-authorization-server";
  private static final String CLIENT =
      "{\"redirect_uris\": [\"http://127.0.0.1:7/callback\"], \"token_endpoint_auth_method\":"
          + " \"none\"}";

  private final GivenApplication app = new GivenApplication();
  private final Router router = app.router;

  @AfterEach
  void stop() {
    app.close();
  }

  /** Routes of the application: one path, its own 404, its own failures. */
  private void applicationRoutes() {
    router.route("/app").handler(context -> context.end("the application"));
    router
        .route("/broken")
        .handler(
            context -> {
              throw new IllegalStateException("of the application");
            });
    router
        .route()
        .failureHandler(
            context ->
                context
                    .response()
                    .setStatusCode(500)
                    .end("its failure: " + context.failure().getMessage()));
    router.errorHandler(404, context -> context.response().setStatusCode(404).end("its own 404"));
  }

  private void register(int expected) {
    var answer =
        app.send("POST", "/oauth/register", Map.of("Content-Type", "application/json"), CLIENT);
    assertThat(answer.status()).as(answer.body()).isEqualTo(expected);
  }

  @Nested
  class Beside_an_application {
    private final AuthorizationServer server = app.started();

    @Test
    void ours_is_answered_by_us() {
      applicationRoutes();
      server.mount(router);
      assertThat(app.get(METADATA).text("issuer")).isEqualTo(GivenConfig.ISSUER);
      assertThat(app.get("/oauth/authorize").status()).isEqualTo(400);
      assertThat(app.get("/.well-known/oauth-protected-resource/mcp").text("resource"))
          .isEqualTo(GivenApplication.MCP);
      assertThat(app.send("POST", "/mcp", Map.of(), "{}").status()).isEqualTo(401);
    }

    @Test
    void the_application_answers_what_is_its_own() {
      applicationRoutes();
      server.mount(router);
      assertThat(app.get("/app").body()).isEqualTo("the application");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "/",
          "/nowhere",
          "/oauth",
          "/oauth/",
          "/oauth/token/",
          "/oauth/token/more",
          "/oauth/register/one/two",
          "/mcpx",
          "/.well-known/oauth-authorization-server/elsewhere",
          "/livez",
          "/metrics"
        })
    void what_is_nobodys_is_the_applications_404(String path) {
      applicationRoutes();
      server.mount(router);
      assertThat(app.get(path).body()).isEqualTo("its own 404");
    }

    @ParameterizedTest
    @CsvSource({
      "/oauth/%74oken, 404",
      "/app/../oauth/token, 404",
      "/mcp/../app, 400",
      "/app/../mcp, 400",
      "/app/%2e%2e/mcp, 400"
    })
    void a_path_in_disguise_leads_nowhere(String path, int status) {
      applicationRoutes();
      server.mount(router);
      assertThat(status(path, "127.0.0.1")).isEqualTo(status);
    }

    @Test
    void a_wrong_method_is_refused_by_us() {
      applicationRoutes();
      server.mount(router);
      assertThat(app.get("/oauth/token").header("Allow")).contains("OPTIONS, POST");
    }

    @Test
    void a_strangers_host_is_refused_at_our_routes_only() {
      applicationRoutes();
      server.mount(router);
      assertThat(status(METADATA, "evil.example")).isEqualTo(421);
      assertThat(status("/app", "evil.example")).isEqualTo(200);
    }

    @Test
    void a_failure_of_the_application_is_its_own() {
      applicationRoutes();
      server.mount(router);
      assertThat(app.get("/broken").body()).isEqualTo("its failure: of the application");
    }

    @Test
    void no_port_is_opened() {
      assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
      assertThatThrownBy(server::managementPort).isInstanceOf(IllegalStateException.class);
    }

    private int status(String path, String host) {
      var options =
          new RequestOptions()
              .setServer(SocketAddress.inetSocketAddress(app.port(), "127.0.0.1"))
              .setMethod(HttpMethod.GET)
              .setURI(path);
      var client = app.vertx.createHttpClient();
      return done(
          client
              .request(options)
              .compose(
                  request ->
                      request
                          .authority(HostAndPort.parseAuthority(host, app.port()))
                          .send()
                          .map(answer -> answer.statusCode()))
              .eventually(client::close));
    }
  }

  @Nested
  class Whatever_stands_before {
    private final AuthorizationServer server = app.started();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    @Test
    void a_body_handler_is_no_obstacle() {
      router.route().handler(BodyHandler.create());
      server.mount(router);
      register(201);
    }

    @Test
    void handlers_of_every_kind_are_no_obstacle() {
      router.route().handler(LoggerHandler.create());
      router.route().handler(SessionHandler.create(LocalSessionStore.create(app.vertx)));
      router.route().handler(BodyHandler.create());
      applicationRoutes();
      server.mount(router);
      register(201);
      assertThat(app.get("/app").body()).isEqualTo("the application");
    }

    @Test
    void a_place_behind_a_body_handler_is_refused_clearly() {
      router.route().handler(BodyHandler.create());
      router.route().handler(server.handler()).failureHandler(this::note);
      register(500);
      assertThat(failures).singleElement().asString().contains("a BodyHandler of the application");
    }

    @Test
    void a_place_behind_a_body_handler_is_fine_for_what_has_no_body() {
      router.route().handler(BodyHandler.create());
      router.route().handler(server.handler());
      assertThat(app.get(METADATA).status()).isEqualTo(200);
    }

    @Test
    void a_handler_that_takes_its_time_is_no_obstacle() {
      router.route().handler(this::later);
      router.route().handler(server.handler());
      assertThat(app.get(METADATA).status()).isEqualTo(200);
    }

    @Test
    void a_handler_that_takes_its_time_and_pauses_is_none_for_bodies() {
      router
          .route()
          .handler(
              context -> {
                context.request().pause();
                later(context);
              });
      router.route().handler(server.handler());
      register(201);
    }

    @Test
    void the_end_is_still_told_to_who_waits_for_it() {
      var ended = Promise.<Void>promise();
      router
          .route()
          .handler(
              context -> {
                context.addEndHandler(end -> ended.complete());
                context.next();
              });
      router.route().handler(server.handler());
      app.get(METADATA);
      done(ended.future());
    }

    private void later(RoutingContext context) {
      app.vertx.setTimer(20, fired -> context.next());
    }

    private void note(RoutingContext context) {
      failures.add(context.failure());
      context.response().setStatusCode(500).end();
    }
  }

  @Nested
  class The_gateway {
    private final RecordingBackend backend = new RecordingBackend();
    private final RunConfig config = GivenApplication.config("", backend.url().toString());
    private final AuthorizationServer server = done(app.builder(config).start());
    private final String token =
        GivenToken.signed(app.vertx, GivenConfig.keys(config), GivenApplication.MCP, "");

    @AfterEach
    void stop() {
      backend.close();
    }

    @Test
    void passes_requests_on() {
      server.mount(router);
      assertThat(app.withToken("POST", "/mcp", token).status()).isEqualTo(200);
      assertThat(backend.count()).isOne();
    }

    @Test
    void passes_on_what_has_no_body_after_somebody_took_his_time() {
      router.route().handler(context -> app.vertx.setTimer(20, fired -> context.next()));
      router.route().handler(server.handler());
      assertThat(app.withToken("DELETE", "/mcp", token).status()).isEqualTo(200);
    }
  }

  @Nested
  class A_change_of_the_configuration {
    private final Live live =
        GivenConfig.live(app.vertx, GivenApplication.config("", "http://127.0.0.1:9/mcp"));
    private final MountVerticle mount = new MountVerticle(live::wiring, "127.0.0.1");

    @Test
    void holds_for_the_next_request() {
      done(app.vertx.deployVerticle(mount));
      mount.on(router);
      assertThat(app.get("/mcp").status()).isEqualTo(401);
      var next = GivenConfig.anyPorts();
      live.enter(
          live.inForce().followedBy(without(next), GivenConfig.kept(GivenConfig.means(), next)));
      assertThat(app.get("/mcp").status()).isEqualTo(404);
      assertThat(app.get("/.well-known/jwks.json").json()).isEqualTo(GivenConfig.keys(next).jwks());
    }

    private static RunConfig without(RunConfig all) {
      return new RunConfig(
          all.issuer(),
          all.browser(),
          all.listen(),
          all.secrets(),
          all.upstreams(),
          all.granting(),
          all.registration(),
          all.storage(),
          all.door(),
          List.of(),
          List.of(),
          all.revision());
    }
  }

  @Nested
  class When_the_server_stops {
    @Test
    void the_application_goes_on_without_it() {
      applicationRoutes();
      var routes = router.getRoutes().size();
      var server = app.started().mount(router);
      done(server.stop());
      assertThat(app.get(METADATA).body()).isEqualTo("its own 404");
      assertThat(app.get("/app").body()).isEqualTo("the application");
      assertThat(router.getRoutes()).hasSize(routes);
      assertThat(app.vertx.deploymentIDs()).isEmpty();
    }

    @Test
    void a_handler_that_the_application_keeps_lets_everything_pass() {
      var server = app.started();
      router.route().handler(server.handler());
      applicationRoutes();
      done(server.stop());
      assertThat(app.get(METADATA).body()).isEqualTo("its own 404");
    }

    @Test
    void what_is_under_way_finishes_first() {
      var arrived = Promise.<Void>promise();
      var answer = Promise.<Void>promise();
      var slow =
          done(
              app.vertx
                  .createHttpServer()
                  .requestHandler(
                      request -> {
                        arrived.tryComplete();
                        answer.future().onSuccess(go -> request.response().end("late"));
                      })
                  .listen(0, "127.0.0.1"));
      var config = GivenApplication.config("", "http://127.0.0.1:" + slow.actualPort() + "/mcp");
      var server = done(app.builder(config).start()).mount(router);
      var token = GivenToken.signed(app.vertx, GivenConfig.keys(config), GivenApplication.MCP, "");
      var asked = app.vertx.executeBlocking(() -> app.withToken("GET", "/mcp", token), false);
      done(arrived.future());
      var stopped = server.stop();
      await().until(() -> router.getRoutes().isEmpty());
      assertThat(stopped.isComplete()).isFalse();
      answer.complete();
      assertThat(done(asked).body()).isEqualTo("late");
      done(stopped);
    }
  }

  @Test
  void two_servers_share_a_router() {
    var one = app.builder(GivenApplication.config("/one", "http://127.0.0.1:9/mcp"));
    var other = app.builder(GivenApplication.config("/other", "http://127.0.0.1:9/mcp"));
    applicationRoutes();
    done(Future.all(one.busPrefix("one.").start(), other.busPrefix("other.").start()))
        .<AuthorizationServer>list()
        .forEach(server -> server.mount(router));
    assertThat(app.get(METADATA + "/one").text("issuer")).endsWith("/one");
    assertThat(app.get(METADATA + "/other").text("issuer")).endsWith("/other");
    assertThat(app.get("/app").body()).isEqualTo("the application");
  }

  @Test
  void a_server_with_a_port_of_its_own_is_not_mounted() {
    var server =
        new AuthorizationServer(app.vertx, app.config, GivenConfig.means(), new BusNames(""));
    assertThatThrownBy(() -> server.mount(router))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("mounted()");
  }
}
