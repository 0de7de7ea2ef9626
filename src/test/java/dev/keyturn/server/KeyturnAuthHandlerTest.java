package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Answer;
import dev.keyturn.given.InterleavingStore;
import dev.keyturn.store.MemoryStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.User;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SimpleAuthenticationHandler;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class KeyturnAuthHandlerTest {
  private static final String READ = "notes:read";
  private static final String METADATA =
      "resource_metadata=\"http://127.0.0.1:8080/.well-known/oauth-protected-resource/api\"";

  private final GivenApplication app = new GivenApplication();
  private final AuthorizationServer server =
      done(app.builder().resource(GivenApplication.API, READ, "notes:write").start());
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() {
    app.close();
  }

  /** The application's route, which answers with the user that it sees. */
  private void guarded(String... scopes) {
    app.router
        .route("/api/*")
        .handler(server.authenticationHandler(GivenApplication.API, scopes))
        .failureHandler(
            context -> {
              failures.add(context.failure());
              context.next();
            });
    app.router.route("/api/*").handler(BodyHandler.create());
    app.router.route("/api/*").handler(KeyturnAuthHandlerTest::answer);
  }

  private static void answer(RoutingContext context) {
    context.json(
        new JsonObject()
            .put("user", context.user().principal())
            .put("expired", context.user().expired())
            .put("body", context.body().asString()));
  }

  private Answer ask(String token) {
    return app.withToken("GET", "/api/notes", token);
  }

  private void refuses(String token, int status, String error) {
    var answer = ask(token);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("WWW-Authenticate").orElseThrow())
        .startsWith("Bearer " + METADATA)
        .contains("error=\"" + error + "\"");
  }

  @Nested
  class A_good_token {
    @Test
    void tells_who_it_is() {
      guarded(READ);
      var answer = ask(app.token(GivenApplication.API, READ + " openid")).json();
      assertThat(answer.getJsonObject("user"))
          .isEqualTo(
              new JsonObject()
                  .put("sub", "u_alice")
                  .put("client_id", "c1")
                  .put("scope", READ + " openid")
                  .put("sid", "s1"));
      assertThat(answer.getBoolean("expired")).isFalse();
    }

    @Test
    void leaves_the_body_to_the_application() {
      guarded(READ);
      var headers = Map.of("Authorization", "Bearer " + app.token(GivenApplication.API, READ));
      var answer = app.send("POST", "/api/notes", headers, "a note");
      assertThat(answer.json().getString("body")).isEqualTo("a note");
    }

    @Test
    void needs_no_scope_where_none_is_required() {
      guarded();
      assertThat(ask(app.token(GivenApplication.API, "")).status()).isEqualTo(200);
    }

    @Test
    void may_spell_its_resource_in_another_way() {
      guarded();
      var token = app.token("HTTP://127.0.0.1:8080/api", "");
      assertThat(ask(token).status()).isEqualTo(200);
    }
  }

  @Nested
  class No_token {
    @Test
    void is_told_where_to_get_one() {
      guarded(READ);
      var answer = app.get("/api/notes");
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate"))
          .contains("Bearer " + METADATA + ", scope=\"notes:read\"");
    }

    @Test
    void is_told_all_scopes_of_the_resource_where_none_is_required() {
      guarded();
      assertThat(app.get("/api/notes").header("WWW-Authenticate").orElseThrow())
          .contains("scope=\"notes:read notes:write\"");
    }

    @Test
    void finds_the_metadata_of_the_resource() {
      server.mount(app.router);
      var document = app.get("/.well-known/oauth-protected-resource/api").json();
      assertThat(document.getString("resource")).isEqualTo(GivenApplication.API);
      assertThat(document.getJsonArray("authorization_servers"))
          .containsExactly(GivenConfig.ISSUER);
      assertThat(document.getJsonArray("scopes_supported")).containsExactly(READ, "notes:write");
    }

    @Test
    void is_needed_by_whom_the_application_knows_already() {
      app.router
          .route()
          .handler(
              SimpleAuthenticationHandler.create()
                  .authenticate(any -> Future.succeededFuture(User.fromName("somebody"))));
      guarded(READ);
      assertThat(app.get("/api/notes").status()).isEqualTo(401);
    }

    @Test
    void does_not_pass_as_a_preflight_request() {
      guarded(READ);
      var asked = Map.of("Access-Control-Request-Headers", "Authorization");
      assertThat(app.send("OPTIONS", "/api/notes", asked, "").status()).isEqualTo(401);
    }
  }

  @Nested
  class It_refuses {
    @Test
    void a_token_for_another_resource() {
      guarded(READ);
      refuses(app.token(GivenApplication.MCP, READ), 401, "invalid_token");
    }

    @Test
    void a_token_without_the_scope() {
      guarded(READ, "notes:write");
      refuses(app.token(GivenApplication.API, READ), 403, "insufficient_scope");
      assertThat(
              ask(app.token(GivenApplication.API, READ)).header("WWW-Authenticate").orElseThrow())
          .contains("scope=\"notes:read notes:write\"");
    }

    @Test
    void a_token_that_was_revoked() {
      guarded(READ);
      var token = app.token(GivenApplication.API, READ);
      done(server.bus().revoke(token));
      refuses(token, 401, "invalid_token");
    }

    @Test
    void an_unsigned_token() {
      guarded(READ);
      refuses(GivenToken.unsigned(GivenConfig.ISSUER), 401, "invalid_token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "a.b.c", "ä"})
    void garbage(String token) {
      guarded(READ);
      assertThat(ask(token).status()).isEqualTo(401);
    }

    @Test
    void a_token_in_the_query() {
      guarded(READ);
      var token = app.token(GivenApplication.API, READ);
      assertThat(app.get("/api/notes?access_token=" + token).status()).isEqualTo(400);
    }

    @Test
    void with_the_JSON_of_OAuth_and_without_a_failure_of_the_application() {
      guarded(READ);
      assertThat(ask("x").text("error")).isEqualTo("invalid_token");
      assertThat(ask("x").header("Cache-Control")).contains("no-store");
      assertThat(failures).isEmpty();
    }

    @Test
    void for_now_while_nobody_can_tell_whether_it_was_revoked() {
      var away = new InterleavingStore(new MemoryStore(Clock.systemUTC(), 10));
      var other = done(app.builder().busPrefix("2.").store(away).start());
      app.router.route("/tools").handler(other.authenticationHandler(GivenApplication.MCP));
      away.away(true);
      var answer = app.withToken("GET", "/tools", app.token(GivenApplication.MCP, ""));
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("Retry-After")).isPresent();
    }
  }

  @Nested
  class A_resource {
    @Test
    void may_be_that_of_a_backend() {
      app.router
          .route("/tools")
          .handler(server.authenticationHandler(GivenApplication.MCP))
          .handler(context -> context.end("tools"));
      var token = app.token(GivenApplication.MCP, "");
      assertThat(app.withToken("GET", "/tools", token).body()).isEqualTo("tools");
    }

    @Test
    void that_nobody_declared_is_none() {
      assertThatThrownBy(() -> server.authenticationHandler("https://other.example"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("https://other.example is no resource here");
    }

    @Test
    void that_no_token_is_for_is_found_at_the_start() {
      var starting = app.builder().busPrefix("2.").resource("https://other.example", READ).start();
      assertThat(failed(starting))
          .hasMessage(
              "no token can be had for https://other.example: name it in allowed_audiences");
    }
  }
}
