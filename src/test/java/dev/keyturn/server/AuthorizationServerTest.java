package dev.keyturn.server;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keyturn.given.Patience;
import dev.keyturn.oauth.OAuthException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class AuthorizationServerTest {
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  private AuthorizationServer server(RunConfig config, String prefix) {
    return new AuthorizationServer(vertx, config, GivenConfig.means(), new BusNames(prefix));
  }

  private AuthorizationServer started(RunConfig config, String prefix) {
    return done(server(config, prefix).start());
  }

  private KeyturnOverBus bus(String prefix) {
    return new KeyturnOverBus(vertx, new BusNames(prefix));
  }

  private HttpResponse<String> ask(String method, int port, String path) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Patience.LONG)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Test
  void serves_its_metadata_with_the_provider_down() {
    var server = started(GivenConfig.anyPorts(), "");
    var metadata = ask("GET", server.port(), "/.well-known/oauth-authorization-server");
    assertThat(new JsonObject(metadata.body()).getString("issuer")).isEqualTo(GivenConfig.ISSUER);
  }

  @Nested
  class The_management_port {
    private final AuthorizationServer server = started(GivenConfig.anyPorts(), "");

    private HttpResponse<String> manage(String method, String path) {
      return ask(method, server.managementPort(), path);
    }

    @ParameterizedTest
    @CsvSource({"/livez, ok", "/startupz, started"})
    void says_that_all_is_well(String path, String text) {
      assertThat(manage("GET", path).statusCode()).isEqualTo(200);
      assertThat(manage("GET", path).body()).isEqualTo(text);
    }

    @Test
    void is_ready_with_the_provider_down() {
      var answer = manage("GET", "/readyz");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(answer.body()).getString("phase")).isEqualTo("ready");
      assertThat(new JsonObject(answer.body()).getJsonObject("upstreams").getString("default"))
          .startsWith("down: ");
    }

    @Test
    void shows_metrics() {
      var answer = manage("GET", "/metrics");
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void answers_a_head_request_without_a_body() {
      assertThat(manage("HEAD", "/livez").statusCode()).isEqualTo(200);
      assertThat(manage("HEAD", "/livez").body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/livez/", "/oauth/token", "/.well-known/jwks.json"})
    void knows_nothing_else(String path) {
      assertThat(manage("GET", path).statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void only_tells(String method) {
      var answer = manage(method, "/readyz");
      assertThat(answer.statusCode()).isEqualTo(405);
      assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/readyz", "/metrics"})
    void is_not_the_public_port(String path) {
      assertThat(ask("GET", server.port(), path).statusCode()).isEqualTo(404);
    }
  }

  @Nested
  class Readiness_of_a_server {
    private final Readiness readiness =
        new Readiness(java.util.Map::of, java.time.Clock.systemUTC());

    private int status(String path) {
      var management =
          new ManagementVerticle("127.0.0.1", 0, readiness, GivenConfig.means().metrics());
      done(vertx.deployVerticle(management));
      return ask("GET", management.port(), path).statusCode();
    }

    @ParameterizedTest
    @CsvSource({
      "STARTING, /livez, 200",
      "STARTING, /startupz, 503",
      "STARTING, /readyz, 503",
      "READY, /readyz, 200",
      "STOPPING, /livez, 200",
      "STOPPING, /startupz, 200",
      "STOPPING, /readyz, 503"
    })
    void follows_its_life(Readiness.Phase phase, String path, int expected) {
      readiness.enter(phase);
      assertThat(status(path)).isEqualTo(expected);
    }
  }

  @Nested
  class Two_servers_in_one_Vertx {
    @Test
    void know_their_own_tokens_only() {
      var one = GivenConfig.anyPorts();
      var other = GivenConfig.anyPorts();
      started(one, "one.");
      started(other, "other.");
      var token = GivenToken.signed(vertx, GivenConfig.keys(one), GivenConfig.ISSUER);
      assertThat(done(bus("one.").verify(token)).subject()).isEqualTo("u_alice");
      assertThat(failed(bus("other.").verify(token))).isInstanceOf(OAuthException.class);
    }

    @Test
    void are_stopped_one_by_one() {
      var one = started(GivenConfig.anyPorts(), "one.");
      var other = started(GivenConfig.anyPorts(), "other.");
      done(one.stop());
      assertThat(ask("GET", other.managementPort(), "/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void do_not_share_a_port_unawares() {
      var one = started(GivenConfig.anyPorts(), "one.");
      var same = GivenConfig.config("management_port: 0, port: " + one.port());
      assertThat(failed(server(same, "other.").start())).isInstanceOf(BindException.class);
      assertThat(ask("GET", one.managementPort(), "/readyz").statusCode()).isEqualTo(200);
    }
  }

  @Nested
  class A_taken_port {
    private void leavesNothing(String ports) throws IOException {
      try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        var config = GivenConfig.config(ports.formatted(taken.getLocalPort()));
        assertThat(failed(server(config, "").start())).isInstanceOf(BindException.class);
      }
      assertThat(vertx.deploymentIDs()).isEmpty();
    }

    @Test
    void in_public_leaves_nothing_running() throws IOException {
      leavesNothing("port: %d, management_port: 0");
    }

    @Test
    void for_management_leaves_nothing_running() throws IOException {
      leavesNothing("port: 0, management_port: %d");
    }
  }

  @Nested
  class A_server_that_was_stopped {
    private final AuthorizationServer server = started(GivenConfig.anyPorts(), "");

    @Test
    void has_closed_everything() {
      var port = server.port();
      done(server.stop());
      assertThat(vertx.deploymentIDs()).isEmpty();
      assertThatThrownBy(() -> ask("GET", port, "/")).hasCauseInstanceOf(ConnectException.class);
    }

    @Test
    void may_be_stopped_again() {
      done(server.stop());
      done(server.stop());
      assertThat(vertx.deploymentIDs()).isEmpty();
    }
  }

  @Test
  void a_server_that_was_not_started_has_no_port() {
    var server = server(GivenConfig.anyPorts(), "");
    assertThatThrownBy(server::port).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(server::managementPort).isInstanceOf(IllegalStateException.class);
  }
}
