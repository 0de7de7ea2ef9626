package dev.keyturn.embedding;

import static dev.keyturn.given.Futures.done;
import static dev.keyturn.given.Futures.failed;
import static dev.keyturn.given.Patience.await;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import dev.keyturn.crypto.CryptoProvider;
import dev.keyturn.given.Answer;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.Wire;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.Signatures;
import dev.keyturn.keys.SigningAlgorithm;
import dev.keyturn.keys.SigningKeys;
import dev.keyturn.oauth.UnavailableException;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of docs/embedding.md run. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ExampleVerticleTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Vertx vertx = Vertx.vertx();
  private final Wire wire = new Wire();
  private final int port = FreePorts.next();
  private final NewKey key = NewKey.make(SigningAlgorithm.ES256, RANDOM);
  private final ExampleVerticle example = new ExampleVerticle();
  private Path configuration;
  private String application;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("signing.pem"), key.pem());
    Files.writeString(folder.resolve("hmac"), "h".repeat(32));
    Files.writeString(folder.resolve("vault"), "v".repeat(32));
    Files.writeString(folder.resolve("client-secret"), "s3cr3t");
    configuration = Files.writeString(folder.resolve("keyturn.yaml"), document(folder));
    application = done(vertx.deployVerticle(new ExampleApplication(configuration, port)));
    done(vertx.deployVerticle(example));
  }

  @AfterEach
  void stop() {
    done(vertx.close());
  }

  /** The example's own configuration, with its files elsewhere, and a client. */
  private static String document(Path folder) throws IOException {
    try (var file = ExampleVerticleTest.class.getResourceAsStream("keyturn.yaml")) {
      return new String(file.readAllBytes(), UTF_8)
              .replace("/etc/keyturn", folder.toString())
              .replace("https://login.example.com", "http://127.0.0.1:9")
          + "clients: [{client_id: c1, redirect_uris: [\"https://c1.example/cb\"]}]\n";
    }
  }

  private String token(String scope) {
    var signatures =
        new Signatures(
            vertx, () -> SigningKeys.of(key.key(), List.of()), CryptoProvider.jdk("test"));
    var now = Instant.now();
    return done(
        signatures.sign(
            new JWTClaimsSet.Builder()
                .issuer("http://127.0.0.1:8080")
                .subject("u_alice")
                .audience("http://127.0.0.1:8080/api")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .jwtID("j1")
                .claim("client_id", "c1")
                .claim("scope", scope)
                .claim("sid", "s1")
                .build(),
            "at+jwt"));
  }

  private Answer ask(String method, String path, Map<String, String> headers) {
    return wire.send(method, URI.create("http://127.0.0.1:" + port + path), headers, "");
  }

  private static Map<String, String> bearing(String token) {
    return Map.of("Authorization", "Bearer " + token);
  }

  @Test
  void the_application_has_its_own_routes_and_a_login() {
    assertThat(ask("GET", "/", Map.of()).body()).isEqualTo("welcome");
    assertThat(ask("GET", "/.well-known/oauth-authorization-server", Map.of()).text("issuer"))
        .isEqualTo("http://127.0.0.1:8080");
    assertThat(ask("GET", "/nowhere", Map.of()).status()).isEqualTo(404);
  }

  @Test
  void its_routes_are_guarded_by_scope() {
    assertThat(ask("GET", "/api/notes", Map.of()).status()).isEqualTo(401);
    assertThat(ask("GET", "/api/notes", bearing(token("notes:read"))).text("sub"))
        .isEqualTo("u_alice");
    assertThat(ask("POST", "/api/notes", bearing(token("notes:read"))).status()).isEqualTo(403);
    assertThat(ask("POST", "/api/notes", bearing(token("notes:write"))).status()).isEqualTo(201);
  }

  @Test
  void the_verticle_greets_whom_a_token_names() {
    assertThat(done(example.greet(token("notes:read")))).isEqualTo("hello u_alice");
  }

  @Test
  void the_verticle_is_told_that_a_token_is_no_good() {
    assertThat(done(example.greet("garbage"))).isEqualTo("no: invalid_token");
  }

  @Test
  void the_verticle_knows_what_happened_before_it_came() {
    assertThat(example.generation()).contains(1L);
  }

  @Test
  void the_verticle_hears_what_happens_afterwards() throws IOException {
    Files.writeString(
        configuration,
        Files.readString(configuration) + "token_lifespans: {access_token_lifespan: 10m}\n");
    await().until(() -> example.generation().orElse(0L) == 2);
  }

  @Test
  void the_verticle_finds_nobody_when_the_application_has_ended() {
    done(vertx.undeploy(application));
    assertThat(failed(example.greet("any"))).isInstanceOf(UnavailableException.class);
  }
}
