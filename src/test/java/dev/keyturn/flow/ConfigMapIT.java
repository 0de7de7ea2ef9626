package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeApiServer;
import dev.keyturn.given.FakeOidc;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Outcome;
import dev.keyturn.given.Patience;
import dev.keyturn.given.Readyz;
import dev.keyturn.given.Running;
import dev.keyturn.given.Wire;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar, whose configuration is in a ConfigMap behind an API server with TLS. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ConfigMapIT {
  private static final String PLACE = "kubernetes:configmap/mcp/keyturn/config.yaml";
  private static final GivenCertificate CERTIFICATE = GivenCertificate.good();
  private static final String REJECTED = "config.rejected";

  private final Vertx vertx = Vertx.vertx();
  private final int port = FreePorts.next();
  private final int management = FreePorts.next();
  private final URI issuer = URI.create("http://127.0.0.1:" + port);
  private final Readyz readyz = new Readyz(URI.create("http://127.0.0.1:" + management));
  private final Wire wire = new Wire();
  private FakeApiServer api = FakeApiServer.start(vertx, CERTIFICATE, "127.0.0.1");
  private String provider = "";
  @TempDir private Path folder;

  @BeforeEach
  void prepare() throws IOException {
    provider = FakeOidc.start(vertx, Clock.systemUTC()).issuer();
    Files.createDirectory(folder.resolve("account"));
    Files.writeString(folder.resolve("account/token"), "token-1\n");
    Files.writeString(folder.resolve("account/ca.crt"), CERTIFICATE.certificatePem());
    Files.writeString(folder.resolve("client-secret"), "upstream-secret\n");
    api.hold("config.yaml", document("mcp:tools"));
  }

  @AfterEach
  void stop() {
    Outcome.of(vertx.close());
  }

  @Test
  void a_change_takes_effect() {
    try (var server = served()) {
      assertThat(scopes()).contains("mcp:tools");
      api.hold("config.yaml", document("mcp:others"));
      await().until(() -> scopes().contains("mcp:others"));
      await()
          .until(
              () ->
                  server.lines().stream()
                      .anyMatch(line -> line.contains("configuration in force")));
    }
  }

  @Test
  void an_api_server_that_fails_changes_nothing_for_clients() {
    try (var server = served()) {
      var before = metadata();
      api.status = 403;
      await().until(() -> !readyz.refused().isEmpty());
      assertThat(readyz.refused())
          .singleElement()
          .asString()
          .contains(PLACE, "may not get configmaps/keyturn in namespace mcp");
      assertThat(readyz.isReady()).isTrue();
      assertThat(metadata()).isEqualTo(before);
      await().until(() -> rejections(server) == 1);
    }
  }

  @Test
  void a_failure_that_lasts_is_told_once() {
    try (var server = served()) {
      api.body = "{\"data\":{}}";
      await().until(() -> !readyz.refused().isEmpty());
      var asked = api.requests.get();
      await().until(() -> api.requests.get() > asked + 2);
      assertThat(rejections(server)).isEqualTo(1);
    }
  }

  @Test
  void an_api_server_that_comes_back_is_followed_again() {
    try (var server = served()) {
      var at = api.port();
      api.stop();
      await().until(() -> readyz.refused().toString().contains("cannot be reached"));
      assertThat(scopes()).contains("mcp:tools");
      api = FakeApiServer.start(vertx, CERTIFICATE, "127.0.0.1", at);
      api.hold("config.yaml", document("mcp:others"));
      await().until(() -> scopes().contains("mcp:others") && readyz.refused().isEmpty());
      assertThat(rejections(server)).isEqualTo(1);
    }
  }

  @Test
  void another_server_in_its_place_is_not_believed() {
    try (var server = served()) {
      var at = api.port();
      api.stop();
      api = FakeApiServer.start(vertx, GivenCertificate.good(), "127.0.0.1", at);
      api.hold("config.yaml", document("mcp:stolen"));
      await().until(() -> readyz.refused().toString().contains("no authority of ca.crt vouches"));
      assertThat(scopes()).contains("mcp:tools");
      assertThat(api.shown).isEmpty();
      assertThat(server.lines()).noneMatch(line -> line.contains("token-1"));
    }
  }

  @Test
  void it_stops_when_it_is_told_to_while_the_api_server_hangs() {
    var server = served();
    var asked = api.requests.get();
    api.manner = FakeApiServer.Manner.NOTHING;
    await().until(() -> api.requests.get() > asked);
    assertThat(server.stop()).isIn(0, 143);
  }

  @Test
  void a_start_without_the_right_says_which_one_is_missing() {
    api.status = 403;
    var server = serve();
    assertThat(server.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(said(server))
        .isEqualTo(
            "keyturn: the configuration "
                + PLACE
                + " cannot be read: the service account may not get configmaps/keyturn in namespace"
                + " mcp: grant that in a Role (403)");
  }

  @Test
  void a_wrong_configuration_is_told_as_that_of_a_file() {
    api.hold("config.yaml", "isuer: x\n");
    var server = serve();
    assertThat(server.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(said(server)).contains(PLACE + " cannot be used:", "isuer is unknown");
  }

  @Test
  void outside_of_a_cluster_it_says_what_is_missing() {
    var server = Jar.start(folder, "serve", "--config", PLACE);
    assertThat(server.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(said(server))
        .isEqualTo(
            "keyturn: kubernetes: works in a pod only, and here KUBERNETES_SERVICE_HOST is not set");
  }

  @Test
  void without_a_service_account_it_says_where_that_was_looked_for() {
    var server = Jar.inPod(folder, api.port(), "serve", "--config", PLACE);
    assertThat(server.exit(Patience.SECONDS)).isEqualTo(1);
    assertThat(said(server)).contains("/var/run/secrets/kubernetes.io/serviceaccount/token cannot");
  }

  @Test
  void check_reads_it_too() {
    var check =
        Jar.inPod(folder, api.port(), "check", "--config", PLACE, "--service-account", "account");
    assertThat(check.exit(Patience.SECONDS)).isZero();
    assertThat(said(check)).endsWith(PLACE + " can be used");
  }

  private Running serve() {
    return Jar.inPod(
        folder, api.port(), "serve", "--config", PLACE, "--service-account", "account");
  }

  private Running served() {
    var server = serve();
    server.line(line -> line.contains("started"));
    return server;
  }

  private String metadata() {
    return wire.get(issuer.resolve("/.well-known/oauth-authorization-server")).body();
  }

  private String scopes() {
    return wire.get(issuer.resolve("/.well-known/oauth-authorization-server"))
        .json()
        .getJsonArray("scopes_supported")
        .encode();
  }

  private static long rejections(Running server) {
    return server.lines().stream().filter(line -> line.contains(REJECTED)).count();
  }

  private static String said(Running process) {
    return String.join("\n", process.lines());
  }

  private String document(String scope) {
    return """
    issuer: %s
    server: {host: 127.0.0.1, port: %d, management_port: %d}
    storage: {type: memory}
    allowed_audiences: [%s/mcp]
    scopes_supported: [openid, offline_access, "%s"]
    upstreams:
      - type: oidc
        oidc_config:
          {issuer_url: "%s", client_id: c, client_secret_file: client-secret}
    """
        .formatted(issuer, port, management, issuer, scope, provider);
  }
}
