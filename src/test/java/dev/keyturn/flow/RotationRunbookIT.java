package dev.keyturn.flow;

import static dev.keyturn.given.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keyturn.given.FakeCluster;
import dev.keyturn.given.FreePorts;
import dev.keyturn.given.GivenCertificate;
import dev.keyturn.given.Jar;
import dev.keyturn.given.Manifests;
import dev.keyturn.given.Mount;
import dev.keyturn.given.Readyz;
import dev.keyturn.given.Runbook;
import dev.keyturn.given.Running;
import dev.keyturn.given.Shell;
import dev.keyturn.keys.NewKey;
import dev.keyturn.keys.SigningAlgorithm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Every command of docs/rotation.md, in its order, on a server as the document describes it. */
@EnabledIfSystemProperty(
    named = "keyturn.runbook",
    matches = "true",
    disabledReason = "it takes six minutes: -Dkeyturn.runbook=true runs it")
@DisplayNameGeneration(ReplaceUnderscores.class)
class RotationRunbookIT {
  private static final Path DOCUMENT = Path.of("docs/rotation.md");
  private static final String GENERIC = "HMAC, cookie and vault secrets";
  private static final String HMAC = "kind=hmac old=hmac-1 new=hmac-2";
  private static final List<String> ALIKE =
      List.of(
          "kind=cookie old=cookies-1 new=cookies-2", "kind=vault old=vault-1 new=vault-2", HMAC);

  private final SecureRandom random = new SecureRandom();
  private final NewKey first = NewKey.make(SigningAlgorithm.ES256, random);
  private final int port = FreePorts.next();
  private final int management = FreePorts.next();
  private final Readyz readyz = new Readyz(URI.create("http://127.0.0.1:" + management));
  @TempDir private Path root;
  private Path work;
  private List<AutoCloseable> open = List.of();

  @BeforeEach
  void layOut() throws IOException {
    work = Files.createDirectories(root.resolve("work"));
    var jar = Path.of(System.getProperty("keyturn.jar", "target/keyturn.jar")).toAbsolutePath();
    Files.createSymbolicLink(work.resolve("keyturn.jar"), jar);
    var next = GivenCertificate.good();
    Files.writeString(work.resolve("tls.crt"), next.certificatePem());
    Files.writeString(work.resolve("tls.key"), next.keyPem());
    Files.writeString(work.resolve("client-secret"), "the next secret of ours at the provider\n");
  }

  @AfterEach
  void close() throws Exception {
    for (var one : open) {
      one.close();
    }
  }

  @Test
  void its_sections_are_the_ones_that_are_checked() {
    assertThat(List.of("files", "kubernetes"))
        .allSatisfy(
            layout ->
                assertThat(Runbook.of(DOCUMENT, layout).sections())
                    .containsExactly(
                        "Looking",
                        "Signing key",
                        "A signing key that has leaked",
                        GENERIC,
                        "Our secret at the identity provider",
                        "The secret of a client",
                        "Our own certificate",
                        "The configuration",
                        "At 3 a.m.: a change is refused"));
  }

  @Test
  void it_works_on_files() throws IOException {
    var folder = Files.createDirectories(root.resolve("etc/keyturn"));
    var keys = Files.createDirectories(folder.resolve("keys"));
    write(keys, keys());
    write(folder, certificate());
    write(folder, Map.of("client-secret", secret(), "desk-1", secret()));
    var configuration = configuration("/etc/keyturn/keys", "/etc/keyturn/", "/etc/keyturn/");
    Files.writeString(folder.resolve("keyturn.yaml"), configuration);
    var server = Jar.start(work, "serve", "--config", folder.resolve("keyturn.yaml").toString());
    follow("files", server, new Shell(work, root.resolve("output"), root));
  }

  @Test
  void it_works_in_kubernetes() throws IOException {
    var mounts = new TreeMap<>(Manifests.mounts(root));
    for (var more : List.of("keyturn-clients", "keyturn-tls")) {
      mounts.put(more, new Mount(root.resolve("etc/keyturn/secrets/" + more)));
    }
    var started = new Running[1];
    var cluster = new FakeCluster(work, mounts, () -> started[0].lines());
    cluster.has("keyturn-keys", keys());
    cluster.has("keyturn-upstream", Map.of("client-secret", secret()));
    cluster.has("keyturn-clients", Map.of("desk-1", secret()));
    cluster.has("keyturn-tls", certificate());
    var secrets = "/etc/keyturn/secrets/";
    var configuration =
        configuration(secrets + "keyturn-keys", secrets + "keyturn-upstream/", secrets);
    cluster.has("config", Map.of("keyturn.yaml", Mount.bytes(configuration)));
    Files.writeString(
        work.resolve("configmap.yaml"),
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: keyturn}
        data:
          keyturn.yaml: |
        """
            + configuration.indent(4));
    started[0] =
        Jar.start(work, "serve", "--config", mounts.get("config").file("keyturn.yaml").toString());
    var path = cluster.command(root.resolve("bin"));
    follow("kubernetes", started[0], new Shell(work, root.resolve("output"), path));
    cluster.close();
  }

  private void follow(String layout, Running server, Shell shell) {
    open = List.of(shell, server);
    server.line(line -> line.contains("started"));
    var book = Runbook.of(DOCUMENT, layout);
    for (var section : book.sections()) {
      var times = section.equals(GENERIC) ? ALIKE : List.of(HMAC);
      for (var variant : times) {
        book.of(section).forEach(commands -> shell.run(here(commands).replace(HMAC, variant)));
        expect(section, variant);
      }
    }
  }

  /** The state that the document promises after a section; and always that nothing is refused. */
  private void expect(String section, String variant) {
    await().until(() -> readyz.refused().isEmpty());
    assertThat(readyz.isReady()).isTrue();
    switch (section) {
      case "Signing key" ->
          assertThat(readyz.states("signing").entrySet())
              .singleElement()
              .satisfies(key -> assertThat(key.getValue()).isEqualTo("signing"))
              .satisfies(key -> assertThat(key.getKey()).isNotEqualTo(first.key().kid()));
      case "A signing key that has leaked" ->
          assertThat(readyz.states("signing").values())
              .containsExactlyInAnyOrder("signing", "revoked");
      case GENERIC ->
          assertThat(readyz.states(variant.substring("kind=".length(), variant.indexOf(' '))))
              .containsValue("signing")
              .containsValue("retiring");
      default -> assertThat(readyz.pendingRestart()).isEmpty();
    }
  }

  private String here(String commands) {
    return commands
        .replace("/etc/keyturn", root + "/etc/keyturn")
        .replace("127.0.0.1:9090", "127.0.0.1:" + management)
        .replace("127.0.0.1:8080", "127.0.0.1:" + port)
        .replace("java -jar", Path.of(System.getProperty("java.home"), "bin", "java") + " -jar");
  }

  private String configuration(String keys, String upstream, String others) {
    var inFolders = others.endsWith("secrets/");
    return here(
        """
        issuer: https://mcp.example.com
        server:
          port: %d
          management_port: %d
          tls: {cert_file: %s/tls.crt, key_file: %s/tls.key}
        storage: {type: memory}
        rate_limits: {enabled: false}
        secrets: {poll_interval: 200ms, propagation: 1s}
        token_lifespans: {access_token_lifespan: 1m}
        signing_key_config:
          key_dir: %s
          directory: true
          jwks_max_age: 1s
          revoked_keys: []
        hmac_secret_files: [%s/hmac-1]
        cookies: {key_files: [%s/cookies-1]}
        vault: {key_files: [%s/vault-1]}
        clients:
          - client_id: desk
            redirect_uris: ["https://desk.example.com/back"]
            client_secret_files: [%sdesk-1]
        upstreams:
          - type: oidc
            oidc_config:
              issuer_url: http://127.0.0.1:9
              client_id: keyturn
              client_secret_file: %sclient-secret
        gateway: {backends: [{path: /mcp, url: "http://127.0.0.1:9/mcp"}]}
        """
            .formatted(
                port,
                management,
                others + (inFolders ? "keyturn-tls" : "."),
                others + (inFolders ? "keyturn-tls" : "."),
                keys,
                keys,
                keys,
                keys,
                others + (inFolders ? "keyturn-clients/" : ""),
                upstream));
  }

  private Map<String, byte[]> keys() {
    return Map.of(
        first.fileName(Instant.EPOCH),
        Mount.bytes(first.pem()),
        "hmac-1",
        secret(),
        "cookies-1",
        secret(),
        "vault-1",
        Mount.bytes("v".repeat(32)));
  }

  private static Map<String, byte[]> certificate() {
    var first = GivenCertificate.good();
    return Map.of(
        "tls.crt", Mount.bytes(first.certificatePem()), "tls.key", Mount.bytes(first.keyPem()));
  }

  private byte[] secret() {
    return Mount.bytes(Long.toHexString(random.nextLong()) + "-".repeat(32));
  }

  private static void write(Path folder, Map<String, byte[]> files) throws IOException {
    for (var file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }
}
