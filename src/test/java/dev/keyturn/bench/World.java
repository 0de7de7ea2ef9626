package dev.keyturn.bench;

import static dev.keyturn.given.Futures.done;

import dev.keyturn.given.Flow;
import dev.keyturn.given.FreePorts;
import dev.keyturn.idp.IdentityProvider;
import dev.keyturn.idp.RelyingParty;
import dev.keyturn.mcp.SampleMcpServer;
import dev.keyturn.mcp.TokenFacts;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Replicas of one issuer, an identity provider before them and an MCP server behind them. */
final class World implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final IdentityProvider idp =
      new IdentityProvider(
          vertx,
          new IdentityProvider.Config(
              "127.0.0.1",
              0,
              List.of(Flow.ALICE),
              Duration.ofHours(1),
              Clock.systemUTC(),
              new SecureRandom()));
  private final Materials secrets = new Materials();
  private final Network network = new Network(secrets.authority().certificate());
  private final List<Replica> replicas;
  private final URI issuer;

  /**
   * @param propagation how far apart replicas may see a swap, in seconds
   * @param timing what stands in the configuration of signing keys besides
   * @param life of an access token, and so the least time for which a key is known
   */
  World(int processes, int propagation, String timing, String life) {
    var provider = done(idp.start());
    var mcp = done(new SampleMcpServer(vertx, "127.0.0.1", 0, this::describe).start());
    var first = FreePorts.next();
    issuer = URI.create("https://127.0.0.1:" + first);
    var started = new ArrayList<CompletableFuture<Replica>>();
    for (int i = 0; i < processes; i++) {
      var port = i == 0 ? first : FreePorts.next();
      var document = document(i, provider, mcp, propagation, timing, life);
      started.add(
          CompletableFuture.supplyAsync(
              () -> new Replica(network, issuer, port, folder(), secrets, document)));
    }
    replicas = started.stream().map(CompletableFuture::join).toList();
    register(2);
  }

  List<Replica> replicas() {
    return replicas;
  }

  Materials secrets() {
    return secrets;
  }

  /** Lets the replicas prove themselves by the newest secrets of that many. */
  void register(int most) {
    var good = secrets.secretsOfClient().stream().limit(most).toList();
    for (int i = 0; i < replicas.size(); i++) {
      idp.register(
          new RelyingParty(
              id(i),
              good.get(0),
              good.subList(1, good.size()),
              List.of(issuer + "/oauth/callback")));
    }
  }

  /** Whether a replica has shown the newest secret to the identity provider. */
  boolean hasShownNewest(Replica replica) {
    return idp.hasSeenPresentSecretOf(id(replicas.indexOf(replica)));
  }

  @Override
  public void close() {
    replicas.forEach(Replica::close);
    done(vertx.close());
  }

  private static String id(int replica) {
    return "keyturn-" + replica;
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("keyturn-rotation");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Future<Optional<TokenFacts>> describe(String token) {
    return Future.succeededFuture(
        idp.describe(token)
            .map(
                live ->
                    new TokenFacts(live.subject(), Optional.of(live.name()), live.expiresAt())));
  }

  private static Replica.Document document(
      int replica, URI provider, URI mcp, int propagation, String timing, String life) {
    return (issuer, port, management, folder, number) ->
        """
        issuer: %s
        server:
          host: 127.0.0.1
          port: %d
          management_port: %d
          tls: {cert_file: %5$s/certificate/tls.crt, key_file: %5$s/certificate/tls.key}
        storage: {type: memory}
        rate_limits: {enabled: false}
        secrets: {poll_interval: 200ms, propagation: %11$ds}
        signing_key_config: {key_dir: %5$s/signing, directory: true, jwks_max_age: 1s%4$s}
        hmac_secret_files: [%5$s/hmac/hmac, %5$s/hmac/hmac-previous]
        vault: {key_files: [%5$s/vault/vault, %5$s/vault/vault-previous]}
        token_lifespans: {access_token_lifespan: %10$s}
        scopes_supported: [openid, profile, email, offline_access, "mcp:tools", "number:%6$s"]
        upstreams:
          - name: idp
            type: oidc
            oidc_config:
              issuer_url: "%7$s"
              client_id: %8$s
              client_secret_file: %5$s/client_secret/secret
              scopes: [openid, profile, email]
        gateway:
          backends:
            - {path: /mcp, url: "%9$s", scopes: ["mcp:tools"]}
            - path: /open
              url: "%9$s"
              scopes: ["mcp:tools"]
              outgoing: {type: unauthenticated}
        """
            .formatted(
                issuer,
                port,
                management,
                timing,
                folder,
                number,
                provider,
                id(replica),
                mcp,
                life,
                propagation);
  }
}
