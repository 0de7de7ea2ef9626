package dev.keyturn.flow;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.Flow;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Node;
import dev.keyturn.given.Running;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.RelyingParty;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code serve} before the judge of the Model Context Protocol. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ConformanceIT {
  private static final String SECRET = "upstream-secret";
  private static Vertx vertx;
  private static IdentityProvider idp;
  private static URI provider;

  private final int port = FreePorts.next();
  private final int callback = FreePorts.next();

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    Node.required("@modelcontextprotocol/conformance");
    vertx = Vertx.vertx();
    idp =
        new IdentityProvider(
            vertx,
            new IdentityProvider.Config(
                "127.0.0.1",
                0,
                List.of(Flow.ALICE),
                Duration.ofMinutes(5),
                Clock.systemUTC(),
                new SecureRandom()));
    provider = done(idp.start());
  }

  @AfterAll
  static void stop() {
    if (vertx != null) {
      done(idp.stop());
      done(vertx.close());
    }
  }

  /** The judge's client asks for no scope, and for a resource only if it is told to. */
  @ParameterizedTest
  @CsvSource({"'', ''", "'', /mcp", "/tenant, ''", "/tenant, /mcp"})
  void it_finds_no_fault_and_warns_of_nothing(String path, String resource) throws IOException {
    var issuer = "http://127.0.0.1:" + port + path;
    idp.register(new RelyingParty("keyturn", SECRET, List.of(issuer + "/oauth/callback")));
    try (var server = serve(issuer)) {
      server.line(line -> line.contains("started"));
      assertThat(judged(issuer, resource).getMap())
          .containsEntry(
              "passed",
              List.of(
                  "authorization-code-grant",
                  "authorization-server-metadata",
                  "authorization-server-metadata-cimd"))
          .containsEntry("others", List.of())
          .containsEntry("warnings", List.of());
    }
  }

  private JsonObject judged(String issuer, String resource) {
    var lines =
        Node.run(
            "conformance.mjs",
            "--issuer",
            issuer,
            "--port",
            String.valueOf(callback),
            "--resource",
            resource.isEmpty() ? "" : "http://127.0.0.1:" + port + resource);
    return lines.stream()
        .filter(line -> line.contains("\"judged\""))
        .map(JsonObject::new)
        .findFirst()
        .orElseThrow(() -> new AssertionError(lines.toString()));
  }

  private Running serve(String issuer) throws IOException {
    Files.writeString(folder.resolve("client-secret"), SECRET, UTF_8);
    Files.writeString(folder.resolve("keyturn.yaml"), document(issuer), UTF_8);
    return Jar.start(folder, "serve", "--config", "keyturn.yaml");
  }

  private String document(String issuer) {
    return """
    issuer: %s
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    storage: {type: memory}
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - name: demo
        type: oidc
        oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_file: client-secret,
          scopes: [openid, profile, email]}
    clients:
      - {client_id: conformance, redirect_uris: ["http://127.0.0.1:%d/callback"]}
    gateway:
      backends:
        - {path: /mcp, url: "http://127.0.0.1:9/mcp", scopes: ["mcp:tools"]}
    """
        .formatted(issuer, port, provider, callback);
  }
}
