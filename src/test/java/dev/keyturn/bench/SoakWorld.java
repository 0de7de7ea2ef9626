package dev.keyturn.bench;

import static dev.keyturn.given.Futures.done;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keyturn.given.FreePorts;
import dev.keyturn.given.RedisLab;
import dev.keyturn.given.RedisNode;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.Person;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What a soak needs: people at an identity provider, an MCP server, and one server with a file or
 * two with a Redis.
 */
final class SoakWorld implements AutoCloseable {
  private static final String SECRET = "upstream-secret";

  private final Vertx vertx = Vertx.vertx();
  private final HttpClient http = HttpClient.newHttpClient();
  private final SecureRandom random = new SecureRandom();
  private final List<Person> people;
  private final IdentityProvider idp;
  private final Path folder = folder();
  private final Optional<RedisLab> redis;
  private final List<SoakServer> servers = new ArrayList<>();

  /**
   * @param storage {@code file} or {@code redis}
   */
  SoakWorld(int count, String storage) {
    people = IntStream.range(0, count).mapToObj(SoakWorld::person).toList();
    idp =
        new IdentityProvider(
            vertx,
            new IdentityProvider.Config(
                "127.0.0.1", 0, people, Duration.ofHours(4), Clock.systemUTC(), random));
    redis = storage.equals("redis") ? Optional.of(RedisLab.standalone(folder)) : Optional.empty();
    var provider = done(idp.start());
    var mcp = done(new SampleMcpServer(vertx, "127.0.0.1", 0, this::describe).start());
    secrets();
    var issuer = FreePorts.next();
    idp.register(
        new RelyingParty(
            "keyturn", SECRET, List.of("http://127.0.0.1:" + issuer + "/oauth/callback")));
    for (int i = 0; i < (redis.isPresent() ? 2 : 1); i++) {
      servers.add(
          new SoakServer(
              http,
              issuer,
              i == 0 ? issuer : FreePorts.next(),
              folder,
              port -> document(issuer, port, provider, mcp)));
    }
  }

  List<SoakServer> servers() {
    return List.copyOf(servers);
  }

  List<Person> people() {
    return people;
  }

  /**
   * Breaks something on purpose while no server has the store open.
   *
   * @param left how many starts there are, with the one that comes
   */
  void plant(String what, int left) {
    if (what.equals("restore") && left == 2) {
      copy(data(), folder.resolve("kept"));
    } else if (!what.isEmpty() && left == 1) {
      redis.ifPresentOrElse(RedisLab::clear, () -> move(data(), folder.resolve("lost")));
    }
    if (what.equals("restore") && left == 1) {
      copy(folder.resolve("kept"), data());
    }
  }

  private Path data() {
    return folder.resolve("keyturn-data");
  }

  @Override
  public void close() {
    servers.forEach(SoakServer::close);
    redis.ifPresent(RedisLab::close);
    done(vertx.close());
  }

  private static Person person(int number) {
    var name = "person-" + number;
    return new Person(name, "secret-" + number, "u-" + name, name + "@example.com", name);
  }

  private Future<Optional<TokenFacts>> describe(String token) {
    return Future.succeededFuture(
        idp.describe(token)
            .map(
                live ->
                    new TokenFacts(live.subject(), Optional.of(live.name()), live.expiresAt())));
  }

  private void secrets() {
    try (var key = SoakWorld.class.getResourceAsStream("/dev/keyturn/keys/p256-pkcs8.pem")) {
      Files.write(folder.resolve("key.pem"), key.readAllBytes());
      Files.write(folder.resolve("hmac"), "h".repeat(48).getBytes(US_ASCII));
      Files.writeString(folder.resolve("client-secret"), SECRET);
      Files.writeString(folder.resolve("redis-password"), RedisNode.PASSWORD);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private String document(int issuer, int port, URI provider, URI mcp) {
    return """
    issuer: http://127.0.0.1:%d
    rate_limits: {enabled: false}
    server: {host: 127.0.0.1, port: %d, management_port: 0}
    storage: %s
    signing_key_config: {signing_key_file: key.pem}
    hmac_secret_files: [hmac]
    scopes_supported: [openid, profile, email, offline_access, "mcp:tools"]
    upstreams:
      - name: company
        type: oidc
        oidc_config: {issuer_url: "%s", client_id: keyturn, client_secret_file: client-secret}
    gateway:
      backends:
        - {path: /mcp, url: "%s", scopes: ["mcp:tools"], resource: "http://127.0.0.1:%d/mcp"}
    """
        .formatted(issuer, port, storage(), provider, mcp, issuer);
  }

  private String storage() {
    return redis
        .map(lab -> lab.servers().get(0).address())
        .map(
            address ->
                """
                {type: redis, redis_config: {addr: '%s', key_prefix: 'kt:', \
                acl_user_config: {password_file: redis-password}}}\
                """
                    .formatted(address))
        .orElse("{type: file}");
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("keyturn-soak");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void move(Path from, Path to) {
    try {
      Files.move(from, to);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) {
    try (var files = Files.list(from)) {
      Files.createDirectories(to);
      for (var file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
