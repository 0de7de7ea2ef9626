package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.client.Client;
import dev.keyturn.given.Wire;
import dev.keyturn.grant.Grant;
import dev.keyturn.grant.TokenRequest;
import dev.keyturn.http.Endpoint;
import dev.keyturn.http.Reply;
import dev.keyturn.http.Route;
import dev.keyturn.oauth.Scopes;
import dev.keyturn.store.MemoryStore;
import dev.keyturn.token.Authorization;
import dev.keyturn.token.OpaqueTokens;
import dev.keyturn.token.SessionTokens;
import dev.keyturn.token.TokenSet;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Security;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationServerBuilderTest {
  private static final String METADATA = "/.well-known/oauth-authorization-server";

  private final GivenApplication app = new GivenApplication();

  @AfterEach
  void stop() {
    app.close();
  }

  private AuthorizationServerBuilder empty() {
    return AuthorizationServer.builder(app.vertx).environment(Map.of()).mounted();
  }

  @Nested
  class A_configuration {
    private final String document = GivenApplication.document("", "http://127.0.0.1:9/mcp");

    @Test
    void may_be_a_text() {
      var server = done(empty().configDocument(document, Path.of("")).start());
      assertThat(done(server.bus().status()).isReady()).isTrue();
    }

    @Test
    void may_be_a_file(@TempDir Path folder) throws IOException {
      var file = Files.writeString(folder.resolve("keyturn.yaml"), document);
      var server = done(empty().configFile(file).start());
      assertThat(done(server.bus().status()).isReady()).isTrue();
    }

    @Test
    void may_name_a_file_in_which_everything_is_kept(@TempDir Path folder) {
      var naming = document.replace("{type: memory}", "{type: file}");
      done(done(empty().configDocument(naming, folder).start()).stop());
      assertThat(folder.resolve("keyturn-data/store.mv")).isNotEmptyFile();
      assertThat(folder.resolve("keyturn-data/store.pid")).doesNotExist();
    }

    @Test
    void that_names_no_store_makes_no_file(@TempDir Path folder) {
      var silent = document.replaceAll("storage: .*", "");
      done(empty().configDocument(silent, folder).start());
      assertThat(folder).isEmptyDirectory();
    }

    @Test
    void that_is_wrong_is_refused_with_all_that_is() {
      var failure =
          failed(empty().configDocument("issuer: ftp://x\nnonsense: 1", Path.of("")).start());
      assertThat(failure)
          .isInstanceOfSatisfying(
              ConfigurationException.class,
              all -> assertThat(all.findings()).hasSizeGreaterThan(2));
      assertThat(failure).hasMessageContaining("issuer must be").hasMessageContaining("nonsense");
    }

    @Test
    void that_is_not_there_is_said_by_its_name() {
      assertThat(failed(empty().configFile(Path.of("nowhere.yaml")).start()))
          .isInstanceOf(ConfigurationException.class)
          .hasMessage("the configuration nowhere.yaml does not exist");
    }

    @Test
    void is_needed() {
      assertThat(failed(empty().start())).hasMessage("no configuration was given");
    }
  }

  @Nested
  class An_endpoint_more {
    private static Endpoint at(String path, String method) {
      return new Endpoint() {
        @Override
        public List<Route> routes() {
          return List.of(
              Route.forPrograms(
                  List.of(path),
                  Set.of(method),
                  request ->
                      Future.succeededFuture(
                          Reply.json(200, new JsonObject().put("hello", request.method())))));
        }

        @Override
        public Map<String, Object> metadata() {
          return Map.of("greeting_endpoint", GivenConfig.ISSUER + path);
        }
      };
    }

    @Test
    void answers_and_is_advertised() {
      done(app.builder().endpoint(at("/oauth/greet", "GET")).start()).mount(app.router);
      assertThat(app.get("/oauth/greet").text("hello")).isEqualTo("GET");
      assertThat(app.get("/oauth/greet").header("X-Content-Type-Options")).contains("nosniff");
      assertThat(app.get(METADATA).text("greeting_endpoint")).endsWith("/oauth/greet");
    }

    @Test
    void does_not_take_the_place_of_ours() {
      assertThat(failed(app.builder().endpoint(at("/oauth/token", "POST")).start()))
          .hasMessage("two endpoints answer POST /oauth/token");
    }

    @Test
    void that_is_refused_leaves_nothing_running() {
      failed(app.builder().endpoint(at("/oauth/token", "POST")).start());
      assertThat(app.vertx.deploymentIDs()).isEmpty();
    }
  }

  @Nested
  class A_grant_more {
    private Grant badge(SessionTokens tokens, String type) {
      return new Grant() {
        @Override
        public String type() {
          return type;
        }

        @Override
        public boolean isFor(Client client) {
          return client.id().equals("desk");
        }

        @Override
        public Future<TokenSet> redeem(TokenRequest request) {
          var scopes = Scopes.parse("notes:read");
          var authorization =
              new Authorization(
                  OpaqueTokens.sessionId(new SecureRandom()),
                  request.client().id(),
                  "badge-" + request.parameters().required("badge"),
                  scopes,
                  List.of(GivenApplication.API),
                  Map.of(),
                  new Authorization.Person(
                      Optional.empty(),
                      Optional.empty(),
                      false,
                      Optional.empty(),
                      Optional.empty(),
                      List.of()));
          return tokens.begin(authorization, GivenApplication.API, Optional.empty(), false);
        }
      };
    }

    private Map<String, String> form() {
      return Map.of("Content-Type", "application/x-www-form-urlencoded");
    }

    @Test
    void gives_tokens_to_whom_it_wants() {
      var server = done(app.builder().grant(tokens -> badge(tokens, "urn:x:badge")).start());
      server.mount(app.router);
      var answer =
          app.send(
              "POST", "/oauth/token", form(), "grant_type=urn%3Ax%3Abadge&client_id=desk&badge=7");
      assertThat(done(server.bus().verify(answer.text("access_token"))).subject())
          .isEqualTo("badge-7");
      assertThat(app.get(METADATA).json().getJsonArray("grant_types_supported"))
          .contains("urn:x:badge");
    }

    @Test
    void does_not_take_the_place_of_ours() {
      assertThat(failed(app.builder().grant(t -> badge(t, "refresh_token")).start()))
          .hasMessage("there are two grants of type refresh_token");
    }
  }

  @Nested
  class What_is_handed_in {
    private final MemoryStore store = new MemoryStore(Clock.systemUTC(), 100);

    @Test
    void is_used() {
      var metrics = new SimpleMeterRegistry();
      var heard = new CopyOnWriteArrayList<String>();
      var server =
          done(
              app.builder()
                  .store(store)
                  .metrics(metrics)
                  .auditSink(event -> heard.add(event.kind().wire()))
                  .start());
      var before = store.size();
      done(server.bus().revoke(app.token(GivenApplication.API, "")));
      assertThat(store.size()).isEqualTo(before + 1);
      assertThat(
              metrics
                  .counter("keyturn.events", "event", "token.revoked", "outcome", "access_token")
                  .count())
          .isOne();
      await().until(() -> heard.contains("token.revoked"));
    }

    @Test
    void is_not_closed() {
      done(store.put("mine", Buffer.buffer(), Duration.ofHours(1)));
      done(done(app.builder().store(store).start()).stop());
      assertThat(done(store.get("mine"))).isPresent();
    }
  }

  @Nested
  class The_management_port {
    @Test
    void is_opened_where_it_is_asked_for() {
      var server = done(app.builder().management().start());
      assertThat(server.managementPort()).isPositive();
    }

    @Test
    void has_no_metrics_of_another_kind_of_registry() {
      var server = done(app.builder().management().metrics(new SimpleMeterRegistry()).start());
      var asked =
          new Wire().get(URI.create("http://127.0.0.1:" + server.managementPort() + "/metrics"));
      assertThat(asked.status()).isEqualTo(404);
    }
  }

  @Nested
  class The_JVM {
    @Test
    void is_left_as_it_was() {
      var providers = List.of(Security.getProviders());
      var properties = Map.copyOf(System.getProperties());
      var handler = Optional.ofNullable(Thread.getDefaultUncaughtExceptionHandler());
      var server =
          done(AuthorizationServer.builder(app.vertx).config(app.config).mounted().start());
      done(server.bus().verify(app.token(GivenApplication.API, "")));
      done(server.stop());
      assertThat(List.of(Security.getProviders())).isEqualTo(providers);
      assertThat(System.getProperties()).containsAllEntriesOf(properties).hasSameSizeAs(properties);
      assertThat(Optional.ofNullable(Thread.getDefaultUncaughtExceptionHandler()))
          .isEqualTo(handler);
    }
  }

  @Nested
  class A_server_of_a_verticle {
    /** Starts a server and stops it, as a tidy application does. */
    private final class Tidy extends VerticleBase {
      private Optional<AuthorizationServer> server = Optional.empty();

      @Override
      public Future<?> start() {
        return app.builder().start().onSuccess(started -> server = Optional.of(started));
      }

      @Override
      public Future<?> stop() {
        return server.orElseThrow().stop();
      }
    }

    @Test
    void ends_with_it() {
      var verticle = done(app.vertx.deployVerticle(new Tidy()));
      assertThat(app.vertx.deploymentIDs()).hasSizeGreaterThan(3);
      done(app.vertx.undeploy(verticle));
      assertThat(app.vertx.deploymentIDs()).isEmpty();
    }

    @Test
    void may_be_started_again() {
      done(app.vertx.undeploy(done(app.vertx.deployVerticle(new Tidy()))));
      done(app.vertx.undeploy(done(app.vertx.deployVerticle(new Tidy()))));
      assertThat(app.vertx.deploymentIDs()).isEmpty();
    }
  }
}
